#!/usr/bin/env python3
"""Writes src/test/resources/org/tiedbert/eval/metrics.bin with SciPy's and scikit-learn's metrics.

    pip install scipy scikit-learn && python3 tools/goldens/metrics.py src/test/resources/org/tiedbert/eval/metrics.bin

Big-endian float64. For each of 2,000 cases of classes: accuracy, F1 of class 1, Matthews; then for
each of 2,000 cases of scores: Pearson, Spearman, NaN where a side is constant. The cases themselves
are not in the file: MetricGoldenTest draws them again, from java.util.Random's generator, which
Java documents as x -> 0x5DEECE66D x + 11 mod 2^48 with the upper bits as output. The file was made
with SciPy 1.17.1 and scikit-learn 1.9.1.
"""
import math
import sys
import warnings

import numpy
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

SEED = 20181011
CASES = 2000

state = (SEED ^ 0x5DEECE66D) & (2**48 - 1)


def draw(bound):
    """31 random bits modulo bound."""
    global state
    state = (state * 0x5DEECE66D + 0xB) & (2**48 - 1)
    return (state >> 17) % bound


def size(case, least):
    return least + draw(60) * (20 if case % 100 == 0 else 1)


def class_case(case):
    n = size(case, 1)
    classes = 2 + draw(4)
    constant = draw(10)  # 0: the predictions are, 1: the targets are
    targets, predictions = [], []
    for _ in range(n):
        target = 0 if constant == 1 else draw(classes)
        other = draw(classes)
        predictions.append(1 if constant == 0 else target if draw(2) == 0 else other)
        targets.append(target)
    return targets, predictions


def score_case(case):
    n = size(case, 2)
    kind = draw(4)
    levels = 1 + draw(9)
    targets, predictions = [], []
    for _ in range(n):
        a, b = draw(1 << 30), draw(1 << 30)
        if kind == 0:  # few values on both sides
            targets.append(float(a % levels))
            predictions.append(float(b % levels))
        elif kind == 1:  # quarters of 0 to 5 as in STS-B, predictions near them
            targets.append((a % 21) / 4.0)
            predictions.append(targets[-1] + b / (1 << 30) - 0.5)
        elif kind == 2:  # no ties
            targets.append(a / (1 << 30))
            predictions.append(b / (1 << 30))
        else:  # far from zero, with ties
            targets.append(1000.0 + (a % 7) / 64.0)
            predictions.append(-500.0 - (a % 3 + b % 3) / 128.0)
    return targets, predictions


warnings.simplefilter("ignore")
values = []
for case in range(CASES):
    targets, predictions = class_case(case)
    values.append(accuracy_score(targets, predictions))
    values.append(f1_score(targets, predictions, labels=[1], average="macro", zero_division=0))
    values.append(matthews_corrcoef(targets, predictions))
for case in range(CASES):
    targets, predictions = score_case(case)
    constant = len(set(targets)) == 1 or len(set(predictions)) == 1
    values.append(math.nan if constant else pearsonr(targets, predictions).statistic)
    values.append(math.nan if constant else spearmanr(targets, predictions).statistic)
numpy.array(values, dtype=">f8").tofile(sys.argv[1])
print(f"{2 * CASES} cases, {sum(map(math.isnan, values))} undefined values", file=sys.stderr)
