#!/usr/bin/env python3
"""Writes src/test/resources/org/tiedbert/optim/adamw-pytorch.txt with PyTorch's own AdamW.

    pip install torch && python3 tools/goldens/adamw.py > src/test/resources/org/tiedbert/optim/adamw-pytorch.txt

One line an update: the learning rate, the four gradients, the four values after the update.
"""
import torch

torch.manual_seed(20201127)
value = torch.nn.Parameter(torch.tensor([0.5, -1.25, 0.02, 3.0], dtype=torch.float64))
adamw = torch.optim.AdamW([value], betas=(0.9, 0.999), eps=1e-3, weight_decay=0.1)
print(f"# torch {torch.__version__} AdamW, betas 0.9 0.999, eps 1e-3, weight_decay 0.1, float64")
print("# start", *value.tolist())
for rate in (0.01, 0.02, 0.015, 0.01, 0.005, 0.001):
    value.grad = torch.randn(4, dtype=torch.float64) * torch.tensor([1.0, 0.1, 1e-3, 10.0])
    adamw.param_groups[0]["lr"] = rate
    adamw.step()
    print(rate, *value.grad.tolist(), *value.tolist())
