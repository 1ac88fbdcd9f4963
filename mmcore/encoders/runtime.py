"""The fastest runtime on a CPU that agrees with torch: OpenVINO in float32."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import openvino
import torch
from torch import nn

from mmcore.device import CPU_THREADS


def compile_for_cpu(network: nn.Module, shape: tuple[int, int, int]) -> Callable[[np.ndarray], np.ndarray]:
    """A function from (B, *shape) float32 to the network's output; B may change from call to call.

    float32 is asked for by name: on processors with bfloat16 OpenVINO would take that and drift by up to a tenth.
    """
    with torch.inference_mode(False), torch.no_grad():
        model = openvino.convert_model(network, example_input=torch.zeros(2, *shape), input=[-1, *shape])
    settings = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": str(CPU_THREADS)}
    compiled = openvino.Core().compile_model(model, "CPU", settings)
    return lambda batch: compiled(batch)[0].copy()
