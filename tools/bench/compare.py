#!/usr/bin/env python3
"""Holds training steps of TiedBERT against PyTorch's, in turns on the same machine.

    pip install torch transformers
    python3 tools/bench/compare.py --shape 4,256,4,128 --batch 64 --precision bfloat16

Starts `tools/tiedbert bench --turns` and training_peer.py with the same shape. Both stay alive and
compile once; then they take turns of a few steps, ours first in one round and theirs in the next,
the other one idle meanwhile, so that a machine that slows down slows both. Both ask for huge pages,
as tools/tiedbert does: PyTorch alone does not, and can take half as long again where page faults are
dear (--own-pages leaves it so). Prints both medians, the ratio of each round's medians (PyTorch's
seconds over ours: above 1 we are faster), the median of the ratios with its spread, and the peak of
resident memory of both processes (Linux). What is behind `--` goes to `tiedbert bench` alone, such
as -- --xla full.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def arguments():
    own, passed = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, passed = own[:cut], own[cut + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", required=True, metavar="L,H,A,S")
    parser.add_argument("--batch", required=True, metavar="B")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--views", choices=["1", "2"], default="1")
    parser.add_argument("--vocab-size", default="30522", metavar="V")
    parser.add_argument("--threads", default=str(os.cpu_count()))
    parser.add_argument("--rounds", type=int, default=8, metavar="N", help="turns of each; default: 8")
    parser.add_argument("--steps", type=int, default=5, metavar="N", help="steps of a turn; default: 5")
    parser.add_argument("--eager", action="store_true", help="PyTorch without torch.compile")
    parser.add_argument("--own-pages", action="store_true", help="PyTorch on the pages that it has by itself")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="where to write all times too")
    return parser.parse_args(own), passed


class Program:
    """A program that takes steps when it is told how many."""

    def __init__(self, name, command, environment):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment | os.environ)
        self.turns = []

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with status {self.process.wait()}")
        return line.strip()

    def turn(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        self.turns.append([float(seconds) for seconds in self.answer().split()])

    def median(self):
        return statistics.median(seconds for turn in self.turns for seconds in turn)

    def peak_bytes(self):
        """As Linux has it; None elsewhere."""
        try:
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return None
        return 1024 * int(re.search(r"VmHWM:\s*(\d+) kB", status).group(1))

    def end(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit(f"{self.name} ended with status {self.process.returncode}")


def start(options, passed):
    """One after the other, so that neither warms up beside the other."""
    shape = ["--shape", options.shape, "--batch", options.batch, "--precision", options.precision,
             "--views", options.views, "--vocab-size", options.vocab_size, "--threads", options.threads]
    programs = []
    for name, command, environment in [
            ("TiedBERT", [HERE.parent / "tiedbert", "bench", *shape, "--turns", *passed], {}),
            ("PyTorch", [sys.executable, HERE / "training_peer.py", *shape] + ["--eager"] * options.eager,
             {} if options.own_pages else HUGE_PAGES)]:
        program = Program(name, command, environment)
        if program.answer() != "ready":
            sys.exit(f"{name} did not say that it is ready")
        programs.append(program)
    return programs


def main():
    options, passed = arguments()
    ours, theirs = start(options, passed)
    ratios = []
    for number in range(options.rounds):
        for program in (ours, theirs) if number % 2 == 0 else (theirs, ours):
            program.turn(options.steps)
        a, b = (statistics.median(program.turns[-1]) for program in (ours, theirs))
        ratios.append(b / a)
        print(f"round {number + 1}: TiedBERT {a:.4f} s, PyTorch {b:.4f} s a step, ratio {b / a:.3f}", flush=True)
    ordered = sorted(ratios)
    print(f"\nmedians: TiedBERT {ours.median():.4f} s, PyTorch {theirs.median():.4f} s a step")
    print(f"PyTorch's time over ours: {statistics.median(ratios):.3f}, rounds from {ordered[0]:.3f} to {ordered[-1]:.3f}")
    peaks = {program.name: program.peak_bytes() for program in (ours, theirs)}
    print("peak memory: " + ", ".join(f"{name} " + (f"{peak / 1e9:.2f} GB" if peak else "unknown")
                                      for name, peak in peaks.items()))
    for program in (ours, theirs):
        program.end()
    if options.json:
        options.json.write_text(json.dumps(
            {"options": {k: str(v) for k, v in vars(options).items()}, "passed": passed, "ratios": ratios,
             "secondsByTurn": {p.name: p.turns for p in (ours, theirs)}, "peakBytes": peaks}, indent=2) + "\n")


if __name__ == "__main__":
    main()
