"""Writing down beside other work: it is waited for, its faults arrive, and nobody's wish ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from mmcore.domains.video import writing_down
from mmcore.domains.video.writing_down import WritingDown
from mmcore.encoders.transcript import Said
from mmcore.errors import InputError

SAMPLES = np.zeros(16_000, np.float32)
SAID = [Said(0.0, 1.0, "hello", ())]


class Stopped(Exception):
    """What a user's stop raises."""


def written(monkeypatch: pytest.MonkeyPatch, work: Callable[[np.ndarray, Callable[[float], None]], list[Said]]) -> None:
    monkeypatch.setattr(writing_down, "transcribe", work)


def test_it_goes_on_beside_other_work_and_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, shares = threading.Event(), []

    def work(samples: np.ndarray, report: Callable[[float], None]) -> list[Said]:
        report(0.5)
        assert looked.wait(5)
        return SAID

    written(monkeypatch, work)
    with WritingDown(SAMPLES) as writing:
        time.sleep(0.05)  # other work
        threading.Timer(0.3, looked.set).start()
        assert writing.wait(shares.append) == SAID
    assert len(shares) > 1 and set(shares) == {0.5}


def test_without_sound_nothing_is_said() -> None:
    with WritingDown(None) as writing:
        assert writing.wait(lambda share: None) == []


def test_a_fault_of_the_writer_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(samples: np.ndarray, report: Callable[[float], None]) -> list[Said]:
        raise InputError("no words")

    written(monkeypatch, work)
    with pytest.raises(InputError, match="no words"), WritingDown(SAMPLES) as writing:
        writing.wait(lambda share: None)


@pytest.mark.parametrize("waiting", [True, False], ids=["while it is waited for", "while the pictures are looked at"])
def test_who_stops_waiting_ends_the_work(monkeypatch: pytest.MonkeyPatch, waiting: bool) -> None:
    rounds = []

    def work(samples: np.ndarray, report: Callable[[float], None]) -> list[Said]:
        for number in range(500):
            rounds.append(number)
            time.sleep(0.01)
            report(number / 500)
        return SAID

    def stop(share: float) -> None:
        raise Stopped

    written(monkeypatch, work)
    with pytest.raises(Stopped), WritingDown(SAMPLES) as writing:
        if waiting:
            writing.wait(stop)
        stop(0.0)
    assert len(rounds) < 50
