"""The fastest runtime on a CPU that agrees with torch: OpenVINO in float32."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import openvino
import torch
from torch import nn

from mmcore.device import CPU_THREADS

CONVERTING = threading.Lock()
"""Held while a network is traced: torch cannot trace two at once."""


def compile_for_cpu(network: nn.Module, shape: tuple[int, int, int]) -> Callable[[np.ndarray], np.ndarray]:
    """A function from (B, *shape) float32 to the network's output; B may change from call to call."""
    compiled = _compile(network, torch.zeros(2, *shape), [-1, *shape])
    return lambda batch: compiled(batch)[0].copy()


def compile_sequences_for_cpu(network: nn.Module) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """A function from (B, T) int64 ids and (B, T) int64 mask to the network's output; B and T may change from call to call."""
    example = (torch.zeros(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long))
    compiled = _compile(network, example, [([-1, -1], openvino.Type.i64)] * 2)
    return lambda ids, mask: compiled((ids, mask))[0].copy()


def convert(network: nn.Module, example: Any, shapes: Any) -> openvino.Model:
    """The network as OpenVINO's, traced once: torch would trace it again to compare, which takes longer than all the rest."""
    with CONVERTING, torch.inference_mode(False), torch.no_grad():
        traced = torch.jit.trace(network, example, check_trace=False)
        return openvino.convert_model(traced, example_input=example, input=shapes)


def _compile(network: nn.Module, example: Any, shapes: Any) -> Any:
    """float32 is asked for by name: on processors with bfloat16 OpenVINO would take that and drift by up to a tenth."""
    model = convert(network, example, shapes)
    settings = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": str(CPU_THREADS)}
    return openvino.Core().compile_model(model, "CPU", settings)
