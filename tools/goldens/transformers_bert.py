#!/usr/bin/env python3
"""Writes src/test/resources/org/tiedbert/interop/transformers with Hugging Face's own transformers.

    pip install torch transformers && python3 tools/goldens/transformers_bert.py

pretraining/  a BertForPreTraining in float32, as save_pretrained writes it, with its tokenizer
sharded/      a BertForSequenceClassification of three classes in bfloat16, in several files
names.txt     the names and shapes of what save_pretrained writes for each class

Element i of a tensor is ((CRC-32 of its name + i) mod 257 - 128) / 64, which bfloat16 has too.
"""
import pathlib
import tempfile
import zlib

import torch
import transformers
from safetensors import safe_open

FOLDER = pathlib.Path(__file__).parents[2] / "src/test/resources/org/tiedbert/interop/transformers"
TOKENS = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "sea", "##s", "."]
LABELS = ["no", "maybe", "yes"]


def config(**more):
    return transformers.BertConfig(
        vocab_size=len(TOKENS),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=12,
        attention_probs_dropout_prob=0.2,
        initializer_range=0.03,
        **more,
    )


def classes():
    return config(id2label=dict(enumerate(LABELS)), label2id={n: i for i, n in enumerate(LABELS)})


def fill(model):
    with torch.no_grad():
        for name, value in model.named_parameters():
            start = zlib.crc32(name.encode())
            integers = [(start + i) % 257 - 128 for i in range(value.numel())]
            value.copy_(torch.tensor(integers, dtype=torch.float64).reshape(value.shape) / 64)
    return model


def save(model, folder, **options):
    model.save_pretrained(folder, **options)
    with tempfile.TemporaryDirectory() as temporary:
        (pathlib.Path(temporary) / "vocab.txt").write_text("\n".join(TOKENS) + "\n")
        tokenizer = transformers.BertTokenizer.from_pretrained(temporary, do_lower_case=True)
        tokenizer.save_pretrained(folder)


save(fill(transformers.BertForPreTraining(config())), FOLDER / "pretraining")
sharded = fill(transformers.BertForSequenceClassification(classes())).to(torch.bfloat16)
save(sharded, FOLDER / "sharded", max_shard_size="2KB")
with open(FOLDER / "names.txt", "w") as out:
    print(f"# transformers {transformers.__version__}", file=out)
    for model in (
        transformers.BertForPreTraining(config()),
        transformers.BertForMaskedLM(config()),
        transformers.BertForNextSentencePrediction(config()),
        transformers.BertForSequenceClassification(classes()),
        transformers.BertModel(config()),
    ):
        with tempfile.TemporaryDirectory() as temporary:
            model.save_pretrained(temporary)
            with safe_open(f"{temporary}/model.safetensors", "pt") as tensors:
                for name in sorted(tensors.keys()):
                    shape = tensors.get_slice(name).get_shape()
                    print(type(model).__name__, name, *shape, file=out)
