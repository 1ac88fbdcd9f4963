"""The yardstick of bench: one forward pass of EfficientNet-Lite0 in plain torch, on this machine and in this process."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from efficientnet_lite_pytorch import EfficientNet

from mmcore import device as devices

SIDE = 224


def timed_pass() -> Callable[[], float]:
    """A yardstick on the device that models run on: what it gives times one pass, in milliseconds."""
    return Yardstick(devices.pick()).milliseconds


class Yardstick:
    """A network that is only timed: its weights are drawn at random, which takes as long as trained ones."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._net = EfficientNet.from_name("efficientnet-lite0").eval().to(device)
        self._pixels = torch.zeros(1, 3, SIDE, SIDE, device=device)

    def milliseconds(self) -> float:
        """Time of one pass of one picture, after one that is not timed: the threads of the job before must have come to rest."""
        self._pass()
        started = time.perf_counter()
        self._pass()
        return 1000 * (time.perf_counter() - started)

    def _pass(self) -> None:
        with torch.inference_mode():
            self._net(self._pixels)
        if self._device.type == "cuda":
            torch.cuda.synchronize()
