#!/usr/bin/env python3
"""Checks a SavedModel of ours against Python's TensorFlow, tokenizers and transformers.

    pip install tensorflow-cpu torch transformers
    tools/tiedbert export --init MODEL --output SAVEDMODEL
    tools/tiedbert convert --to huggingface --init MODEL --output FOLDER
    python3 tools/checks/python_agrees.py SAVEDMODEL FOLDER

Runs a copy of SAVEDMODEL that lies elsewhere, prints the largest differences and fails where one is
above 1e-4, or where transformers misses a weight or finds one that it did not expect.
"""
import json
import pathlib
import shutil
import sys
import tempfile

import numpy as np
import tensorflow as tf
import torch
import transformers

TOLERANCE = 1e-4
TEXTS = [
    "The capital of France is [MASK].",
    "A cat sat on the [MASK], and the [MASK] looked at it.",
    "",
    "Na\u00efve caf\u00e9s, \u6771\u4eac and \U0001f600: all of it in one line [MASK]",
    "many words " * 300,
]


def largest(name, one, other):
    difference = float(np.abs(np.asarray(one) - np.asarray(other)).max())
    print(f"{name:<42}{difference:.2e} of values up to {np.abs(np.asarray(other)).max():.2f}")
    if one.shape != other.shape or not difference <= TOLERANCE:
        sys.exit(f"{name}: shapes {one.shape} and {other.shape}, limit {TOLERANCE}")


def main(savedmodel, folder):
    with tempfile.TemporaryDirectory() as elsewhere:
        moved = shutil.copytree(savedmodel, pathlib.Path(elsewhere) / "moved")
        signatures = tf.saved_model.load(str(moved)).signatures
        print("signatures:", ", ".join(sorted(signatures)))
        check(signatures, folder)


def check(signatures, folder):
    architecture = json.loads((pathlib.Path(folder) / "config.json").read_text())["architectures"][0]
    model, loading = getattr(transformers, architecture).from_pretrained(
        folder, output_loading_info=True)
    print(architecture, {key: len(found) for key, found in loading.items()})
    if any(loading.values()):
        sys.exit(f"loading: {loading}")
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    length = model.config.max_position_embeddings
    batch = tokenizer(TEXTS, padding=True, truncation=True, max_length=length, return_tensors="pt")
    ids = {name: tf.constant(value.numpy(), tf.int32) for name, value in batch.items()}
    real = batch["attention_mask"].numpy().astype(np.float32)[..., None]

    with torch.no_grad():
        theirs = model(**batch, output_hidden_states=True)
    ours = signatures["encode"](**ids)
    hidden = np.stack([state.numpy() for state in theirs.hidden_states])
    largest("hidden states of real tokens", ours["hidden_states"].numpy() * real, hidden * real)

    means = (hidden[-1] * real).sum(1) / real.sum(1)
    # fill_mask alone takes [MASK] in a text for the mask; for embed it is text
    plain = [TEXTS.index(text) for text in TEXTS if "[MASK]" not in text]
    embedded = signatures["embed"](text=tf.constant([TEXTS[i] for i in plain]))["embedding"]
    largest("embed (text in) against means of those", embedded.numpy(), means[plain])
    alone = [signatures["embed"](text=tf.constant([text]))["embedding"][0] for text in TEXTS]
    together = signatures["embed"](text=tf.constant(TEXTS))["embedding"].numpy()
    largest("embed: each text alone, all together", np.stack(alone), together)
    if signatures["embed"](text=tf.constant([], tf.string))["embedding"].shape[0] != 0:
        sys.exit("no texts must have no embeddings")

    if "fill_mask" in signatures:
        masks = np.argwhere(batch["input_ids"].numpy() == tokenizer.mask_token_id)
        logits = theirs.logits.numpy()[masks[:, 0], masks[:, 1]]
        largest("mask_logits", signatures["mask_logits"](**ids)["logits"].numpy(), logits)
        filled = signatures["fill_mask"](text=tf.constant(TEXTS), top_k=tf.constant(5))
        scores = np.exp(logits - logits.max(-1, keepdims=True))
        scores = -np.sort(-scores / scores.sum(-1, keepdims=True))[:, :5]
        largest("fill_mask (text in): scores", filled["scores"].numpy(), scores)
        if filled["text_index"].numpy().tolist() != masks[:, 0].tolist():
            sys.exit(f"fill_mask: texts {filled['text_index'].numpy()}, not {masks[:, 0]}")
        best = tokenizer.convert_ids_to_tokens(logits.argmax(-1).tolist())
        if [token.decode() for token in filled["tokens"].numpy()[:, 0]] != best:
            sys.exit(f"fill_mask: {filled['tokens'].numpy()[:, 0]}, not {best}")


main(*sys.argv[1:])
