"""Models kept in memory: every page, command and user of one process shares them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import torch

from mmcore import device as devices
from mmcore import library, model_folder

Model = TypeVar("Model")


class InMemory(Generic[Model]):
    """Called with a model's name or folder it gives the model: loaded once per process and device, again only when its files have changed.

    Args:
        read: makes the model from its folder, on the device.
    """

    def __init__(self, read: Callable[[Path, torch.device], Model]) -> None:
        self._read = read
        self._kept: dict[tuple[Path, str], tuple[tuple, Model]] = {}
        self._lock = threading.Lock()

    def __call__(self, name_or_folder: str, device: torch.device | None = None) -> Model:
        folder, device = library.find(name_or_folder).resolve(), device or devices.pick()
        key = (folder, str(device))
        with self._lock:
            stamp = model_folder.stamp(folder)
            if key not in self._kept or self._kept[key][0] != stamp:
                self._kept[key] = (stamp, self._read(folder, device))
            return self._kept[key][1]
