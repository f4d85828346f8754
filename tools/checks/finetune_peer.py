#!/usr/bin/env python3
"""Fine-tunes a Hugging Face folder on GLUE tasks with plain PyTorch: what `tiedbert finetune` is held against.

    pip install torch transformers scipy scikit-learn
    python3 tools/checks/finetune_peer.py --model FOLDER --data GLUE --tasks RTE,MRPC --seeds 1,2,3

The settings are those of BERT's code and of ours: [CLS] a [SEP] b [SEP], longest-first truncation,
pooler, dropout, one dense layer; AdamW (epsilon 1e-6, weight decay 0.01 on all but biases and
LayerNorm), linear warm-up and decay, gradients clipped at norm 1. Batches are of sequences of like
length. After every epoch the development set is scored; a run counts with its best epoch. Prints
one JSON object a run, then for each task mean and standard deviation over the seeds.
"""
import argparse
import csv
import json
import pathlib
import random
import statistics
import time

import numpy as np
import scipy.stats
import sklearn.metrics
import torch
import transformers


def rows(path, header):
    with open(path, encoding="utf-8-sig") as lines:
        read = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return read[1:] if header else read


# Columns of the texts and of the label, whether there is a header, the classes, and the score.
TASKS = {
    "CoLA": ([3], 1, False, ["0", "1"], sklearn.metrics.matthews_corrcoef),
    "MRPC": ([3, 4], 0, True, ["0", "1"],
             lambda t, p: (sklearn.metrics.f1_score(t, p) + sklearn.metrics.accuracy_score(t, p)) / 2),
    "RTE": ([1, 2], 3, True, ["entailment", "not_entailment"], sklearn.metrics.accuracy_score),
    "STS-B": ([7, 8], 9, True, None,
              lambda t, p: (scipy.stats.pearsonr(t, p)[0] + scipy.stats.spearmanr(t, p)[0]) / 2),
}


def examples(data, task, split, tokenizer, length):
    columns, label, header, classes, _ = TASKS[task]
    found = []
    for row in rows(pathlib.Path(data) / task / f"{split}.tsv", header):
        texts = [row[column] for column in columns]
        ids = tokenizer(*texts, truncation="longest_first", max_length=length)
        target = float(row[label]) if classes is None else classes.index(row[label])
        found.append((ids["input_ids"], ids["token_type_ids"], target))
    return found


def batches(found, size, generator=None):
    order = list(range(len(found)))
    if generator:
        generator.shuffle(order)
        pools = [order[i:i + 64 * size] for i in range(0, len(order), 64 * size)]
    else:
        pools = [order]
    cut = []
    for pool in pools:
        pool.sort(key=lambda i: len(found[i][0]))
        cut += [pool[i:i + size] for i in range(0, len(pool), size)]
    if generator:
        generator.shuffle(cut)
    return cut


def tensors(found, batch):
    length = max(len(found[i][0]) for i in batch)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, i in enumerate(batch):
        n = len(found[i][0])
        ids[row, :n] = torch.tensor(found[i][0])
        types[row, :n] = torch.tensor(found[i][1])
        mask[row, :n] = 1
    return ids, mask, types, torch.tensor([found[i][2] for i in batch])


class Model(torch.nn.Module):
    def __init__(self, folder, outputs):
        super().__init__()
        self.bert = transformers.BertModel.from_pretrained(folder)
        self.dropout = torch.nn.Dropout(self.bert.config.hidden_dropout_prob)
        self.dense = torch.nn.Linear(self.bert.config.hidden_size, outputs)
        torch.nn.init.trunc_normal_(self.dense.weight, std=0.02, a=-0.04, b=0.04)
        torch.nn.init.zeros_(self.dense.bias)

    def forward(self, ids, mask, types):
        pooled = self.bert(ids, attention_mask=mask, token_type_ids=types).pooler_output
        return self.dense(self.dropout(pooled))


def score(model, dev, task):
    classes, metric = TASKS[task][3:]
    model.eval()
    predicted = np.zeros(len(dev))
    with torch.no_grad():
        for batch in batches(dev, 64):
            ids, mask, types, _ = tensors(dev, batch)
            out = model(ids, mask, types)
            predicted[batch] = out[:, 0].numpy() if classes is None else out.argmax(1).numpy()
    model.train()
    return float(metric([target for _, _, target in dev], predicted))


def run(options, task, seed):
    random.seed(seed), torch.manual_seed(seed)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    train = examples(options.data, task, "train", tokenizer, options.max_seq_length)
    dev = examples(options.data, task, "dev", tokenizer, options.max_seq_length)
    classes = TASKS[task][3]
    model = Model(options.model, 1 if classes is None else len(classes))
    model.train()
    plain = [p for n, p in model.named_parameters() if n.endswith("bias") or "LayerNorm" in n]
    decayed = [p for n, p in model.named_parameters() if not (n.endswith("bias") or "LayerNorm" in n)]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
        lr=options.learning_rate, eps=1e-6, fused=True)
    total = options.epochs * -(-len(train) // options.batch_size)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, int(0.1 * total), total)
    generator = random.Random(seed)
    scores, seconds = [], []
    for _ in range(options.epochs):
        start = time.monotonic()
        for batch in batches(train, options.batch_size, generator):
            ids, mask, types, targets = tensors(train, batch)
            out = model(ids, mask, types)
            loss = (torch.nn.functional.mse_loss(out[:, 0], targets.float()) if classes is None
                    else torch.nn.functional.cross_entropy(out, targets))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        seconds.append(time.monotonic() - start)
        scores.append(score(model, dev, task))
    print(json.dumps({"task": task, "seed": seed, "best": max(scores), "scores": scores,
                      "secondsPerEpoch": seconds}), flush=True)
    return max(scores)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--tasks", default="RTE,MRPC,STS-B,CoLA")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--max-seq-length", type=int, default=128)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.utils.logging.set_verbosity_error()
    for task in options.tasks.split(","):
        best = [run(options, task, int(seed)) for seed in options.seeds.split(",")]
        spread = statistics.stdev(best) if len(best) > 1 else 0
        print(f"{task}: {statistics.mean(best):.4f} +- {spread:.4f} over {len(best)} seeds", flush=True)


if __name__ == "__main__":
    main()
