#!/usr/bin/env python3
"""Pre-training steps of BERT in plain PyTorch: what `tiedbert bench` is held against by compare.py.

    pip install torch transformers
    python3 tools/bench/training_peer.py --shape 4,256,4,128 --batch 64 --steps 20

Hugging Face's BertForMaskedLM with random weights, through torch.compile; the MLM head on the
predicted positions alone, as many in a sequence as ours; 80/10/10 masking drawn anew in every step;
dropout 0.1; with two views a batch of 2B, the mean of both cross entropies and the squared
difference between the views' last hidden states; gradients clipped at norm 1; fused AdamW with
weight decay on all but biases and LayerNorm. bfloat16 is autocast. Sequences are made up.

Without --steps it works in turns, as `tiedbert bench --turns` does: it warms up and says 'ready';
for every number read from standard input it takes so many steps and prints the seconds of each.
"""
import argparse
import statistics
import sys
import time

import torch
import torch.nn.functional as F
import transformers

PAD, UNK, CLS, SEP, MASK, NUM_SPECIAL = 0, 1, 2, 3, 4, 5
NUM_WARM_UPS = 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", required=True, metavar="L,H,A,S")
    parser.add_argument("--batch", type=int, required=True, metavar="B")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--views", type=int, choices=[1, 2], default=1)
    parser.add_argument("--vocab-size", type=int, default=30522, metavar="V")
    parser.add_argument("--predictions", type=int, default=20, metavar="P")
    parser.add_argument("--tied-weight", type=float, default=1.0, metavar="W")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--eager", action="store_true", help="without torch.compile")
    parser.add_argument("--steps", type=int, metavar="N", help="take so many steps and print their median")
    return parser.parse_args()


def bert(options):
    layers, hidden, heads, length = map(int, options.shape.split(","))
    return transformers.BertForMaskedLM(transformers.BertConfig(
        vocab_size=options.vocab_size, hidden_size=hidden, num_hidden_layers=layers,
        num_attention_heads=heads, intermediate_size=4 * hidden, max_position_embeddings=length)), length


def noised(ids, predictions, vocab_size):
    """Token ids with 80/10/10 masking at random words, the positions of these and what was there."""
    scores = torch.rand(ids.shape).masked_fill(ids < NUM_SPECIAL, -1)
    positions = scores.topk(predictions, dim=1).indices
    labels = ids.gather(1, positions)
    chance = torch.rand(positions.shape)
    others = torch.randint(NUM_SPECIAL, vocab_size, positions.shape)
    shown = torch.where(chance < 0.8, torch.full_like(labels, MASK), torch.where(chance < 0.9, others, labels))
    return ids.scatter(1, positions, shown), positions, labels


class Training:
    def __init__(self, options):
        self.options = options
        self.model, self.length = bert(options)
        self.model.train()
        decayed = [p for n, p in self.model.named_parameters() if p.dim() > 1]
        others = [p for n, p in self.model.named_parameters() if p.dim() <= 1]
        self.optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
            lr=1e-4, eps=1e-6, fused=True)
        self.loss = self.eager_loss if options.eager else torch.compile(self.eager_loss)
        self.generator = torch.Generator().manual_seed(1)

    def eager_loss(self, ids, mask, positions, labels):
        hidden = self.model.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        index = positions.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        logits = self.model.cls(hidden.gather(1, index))
        loss = F.cross_entropy(logits.flatten(0, 1).float(), labels.flatten())
        if self.options.views == 2:
            first, second = hidden.float().chunk(2)
            loss = loss + self.options.tied_weight * F.mse_loss(first, second)
        return loss

    def batch(self):
        ids = torch.randint(NUM_SPECIAL, self.options.vocab_size, (self.options.batch, self.length),
                            generator=self.generator)
        ids[:, 0], ids[:, -1] = CLS, SEP
        return ids

    def step(self):
        start = time.perf_counter()
        ids = self.batch()
        views = [noised(ids, self.options.predictions, self.options.vocab_size) for _ in range(self.options.views)]
        ids, positions, labels = (torch.cat(parts) for parts in zip(*views))
        with torch.autocast("cpu", torch.bfloat16, enabled=self.options.precision == "bfloat16"):
            loss = self.loss(ids, (ids != PAD).long(), positions, labels)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        if not torch.isfinite(loss):
            sys.exit(f"the loss is {loss.item()}")
        return time.perf_counter() - start


def main():
    options = arguments()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    training = Training(options)
    for _ in range(NUM_WARM_UPS):
        training.step()
    if options.steps:
        seconds = sorted(training.step() for _ in range(options.steps))
        print(f"median {statistics.median(seconds):.4f} s, from {seconds[0]:.4f} to {seconds[-1]:.4f} s, "
              f"{options.batch / statistics.median(seconds):.1f} sequences/s")
        return
    print("ready", flush=True)
    for line in sys.stdin:
        print(" ".join(f"{training.step():.6f}" for _ in range(int(line))), flush=True)


if __name__ == "__main__":
    main()
