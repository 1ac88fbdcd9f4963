"""Where and how tensors are computed. Nothing else in mmcore names a device, a dtype or a thread count."""

from __future__ import annotations

import contextlib
import os
from functools import cache

import torch

from mmcore.errors import ConfigError

CPU_THREADS = 2
VARIABLE = "TRIPTYCH_DEVICE"
VARIABLE_THREADS = "OMP_NUM_THREADS"


@cache
def pick(name: str | None = None) -> torch.device:
    """The device to compute on: ``name``, else $TRIPTYCH_DEVICE, else cuda, mps or cpu, the first there is."""
    wanted = name or os.environ.get(VARIABLE, "auto")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        wanted = next(kind for kind, available in there.items() if available)
    if wanted not in there:
        raise ConfigError(f"device {wanted!r} is not known", "Use auto, cuda, mps or cpu")
    if not there[wanted]:
        raise ConfigError(f"device {wanted!r} is not there", f"Unset {VARIABLE} or use: {', '.join(k for k, v in there.items() if v)}")
    if wanted == "cpu" and VARIABLE_THREADS not in os.environ:
        torch.set_num_threads(min(CPU_THREADS, os.cpu_count() or 1))
    return torch.device(wanted, 0) if wanted == "cuda" else torch.device(wanted)


def describe(device: torch.device) -> str:
    """One line for people, such as "NVIDIA H100" or "CPU, 2 threads"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    count = torch.get_num_threads()
    return f"CPU, {count} thread{'s' * (count > 1)}" if device.type == "cpu" else "Apple GPU (MPS)"


def autocast(device: torch.device) -> contextlib.AbstractContextManager:
    """bfloat16 autocast on CUDA, plain float32 elsewhere."""
    return torch.autocast("cuda", dtype=torch.bfloat16) if device.type == "cuda" else contextlib.nullcontext()


def training_autocast(device: torch.device) -> contextlib.AbstractContextManager:
    """bfloat16 autocast on CUDA and on processors that compute in bfloat16, plain float32 elsewhere."""
    if device.type == "cuda" or (device.type == "cpu" and torch.cpu.get_capabilities().get("avx512_bf16", False)):
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return contextlib.nullcontext()
