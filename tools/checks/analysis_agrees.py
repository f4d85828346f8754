#!/usr/bin/env python3
"""Recomputes the numbers of `tiedbert analyze` with transformers, and compares.

The model is the Hugging Face folder that `tiedbert import` made MODEL of; the numbers are the CSV
files that `tiedbert analyze` wrote for it, in which the model is called NAME:

    tiedbert import --from huggingface --input FOLDER --output MODEL
    tiedbert analyze dissimilarity --init MODEL --name NAME --input 'texts/*.txt' --output FIGURES
    tiedbert analyze stsb --init MODEL --name NAME --data GLUE --output FIGURES
    tools/checks/analysis_agrees.py --model FOLDER --name NAME --figures FIGURES --data GLUE/STS-B

Needs numpy, scipy, torch, transformers. Says the largest difference of each column and fails if one
is above --tolerance. To be run by hand; no build and no test needs it.
"""

import argparse
import csv
import json
import math
import pathlib
import sys

import numpy as np
import scipy.stats
import torch
from tokenizers import Tokenizer
from transformers import BertModel

THRESHOLDS = ["", "0.5", "1.5", "2.5", "3.5", "4.5"]


class Features:
    """Means of every layer's hidden states over a text's tokens, one text at a time: no padding."""

    def __init__(self, folder):
        self.model = BertModel.from_pretrained(folder, attn_implementation="eager").eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        longest = json.loads((folder / "config.json").read_text())["max_position_embeddings"]
        self.tokenizer.enable_truncation(longest)

    def __call__(self, text):
        ids = torch.tensor([self.tokenizer.encode(text).ids])
        with torch.no_grad():
            states = self.model(ids, output_hidden_states=True).hidden_states
        return np.stack([state[0].double().mean(0).numpy() for state in states])  # [L + 1, H]

    def cosines(self, pairs):
        """[L + 1, pairs]"""
        columns = []
        for first, second in pairs:
            a, b = self(first), self(second)
            columns.append((a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1))
        return np.stack(columns, 1)


def rows(file, name):
    with open(file, newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row.get("model", name) == name]


class Comparison:
    def __init__(self):
        self.largest = {}

    def add(self, column, ours, theirs):
        if ours == "" or math.isnan(float(ours)):
            raise SystemExit(f"{column} is missing where the check has {theirs}")
        difference = abs(float(ours) - float(theirs))
        self.largest[column] = max(self.largest.get(column, 0.0), difference)


def dissimilarity(features, figures, name, compared):
    pairs = [(row["first"], row["second"]) for row in rows(figures / "dissimilarity-pairs.csv", name)]
    distances = 1 - features.cosines(pairs)
    found = rows(figures / "dissimilarity.csv", name)
    assert len(found) == len(distances), (len(found), len(distances))
    for row in found:
        layer = distances[int(row["layer"])]
        assert int(row["pairs"]) == len(pairs)
        compared.add("dissimilarity mean", row["mean"], layer.mean())
        compared.add("dissimilarity deviation", row["standard_deviation"], layer.std(ddof=1))
        compared.add("dissimilarity error", row["standard_error"], scipy.stats.sem(layer))
    print(f"dissimilarity: {len(pairs)} pairs, {len(found)} layers")


def stsb(features, figures, name, data, compared):
    with open(data / "dev.tsv", encoding="utf-8") as lines:
        table = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    labels = np.array([float(row["score"]) for row in table])
    cosines = features.cosines([(row["sentence1"], row["sentence2"]) for row in table])
    found = rows(figures / "stsb-error.csv", name)
    assert len(found) == len(cosines) * len(THRESHOLDS), len(found)
    for row in found:
        above = row["label_above"]
        chosen = labels > (float(above) if above else -math.inf)
        assert int(row["pairs"]) == chosen.sum()
        differences = cosines[int(row["layer"])][chosen] - labels[chosen] / 5
        compared.add("stsb error", row["error"], np.linalg.norm(differences) / math.sqrt(chosen.sum()))
    for row in rows(figures / "stsb-correlation.csv", name):
        layer = cosines[int(row["layer"])]
        compared.add("stsb spearman", row["spearman"], scipy.stats.spearmanr(layer, labels)[0])
        compared.add("stsb pearson", row["pearson"], scipy.stats.pearsonr(layer, labels)[0])
    print(f"stsb: {len(table)} pairs, {len(cosines)} layers")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--figures", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()
    features = Features(options.model)
    compared = Comparison()
    dissimilarity(features, options.figures, options.name, compared)
    stsb(features, options.figures, options.name, options.data, compared)
    for column, difference in compared.largest.items():
        print(f"{column:<26}largest difference {difference:.2e}")
    if max(compared.largest.values()) > options.tolerance:
        sys.exit(f"more than {options.tolerance}")


if __name__ == "__main__":
    main()
