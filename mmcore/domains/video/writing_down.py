"""Speech written down in a thread of its own while the pictures are looked at: neither keeps two cores busy alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

import numpy as np

from mmcore.encoders.transcript import Said, transcribe

ASK_EVERY_S = 0.1


class _NotWanted(Exception):
    """Raised inside the thread at its next report, once nobody waits for it any more."""


class WritingDown:
    """A context in which ``samples`` (see `transcribe`) are being written down; leaving it ends the work."""

    def __init__(self, samples: np.ndarray | None) -> None:
        self._share, self._left = 0.0, threading.Event()
        self._pool = ThreadPoolExecutor(1, "write down")
        self._work = None if samples is None else self._pool.submit(transcribe, samples, self._report)

    def __enter__(self) -> WritingDown:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._left.set()
        self._pool.shutdown()

    def wait(self, progress: Callable[[float], None]) -> list[Said]:
        """What is said, once it is all written down; [] without samples.

        Args:
            progress: called with the share done while it is waited for; what it raises ends the work.
        """
        while self._work is not None:
            progress(self._share)
            try:
                return self._work.result(ASK_EVERY_S)
            except TimeoutError:
                continue
        return []

    def _report(self, share: float) -> None:
        if self._left.is_set():
            raise _NotWanted
        self._share = share
