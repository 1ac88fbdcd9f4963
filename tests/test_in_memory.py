import threading
import time
from pathlib import Path

import torch

from mmcore import library
from mmcore.in_memory import InMemory


def test_four_threads_at_once_load_a_model_once() -> None:
    made: list[Path] = []

    def read(folder: Path, device: torch.device) -> object:
        made.append(folder)
        time.sleep(0.05)
        return object()

    load, got = InMemory(read), []
    threads = [threading.Thread(target=lambda: got.append(load("skin_lesion"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [library.find("skin_lesion").resolve()] and len({id(item) for item in got}) == 1 and len(got) == 4


def test_each_device_has_its_own() -> None:
    load = InMemory(lambda folder, device: (folder, device))
    assert load("skin_lesion", torch.device("cpu")) is load("skin_lesion", torch.device("cpu"))
    assert load("skin_lesion", torch.device("meta"))[1] == torch.device("meta")
