"""Long work in a thread of its own, with named stages, that can be cancelled. Workers never call Streamlit."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from mmcore.errors import TriptychError

Progress = Callable[[str, float], None]


class Cancelled(Exception):
    """Raised inside the work at its next progress report, once someone asked it to stop."""


class Job:
    """One piece of work.

    Attributes:
        stage, fraction: what it is doing and how far it is, 0..1.
        outcome: what the work returned; None until then.
        problem: what went wrong, for people; None where nothing did.
        cancelled: True once it stopped because it was asked to.
    """

    def __init__(self, work: Callable[[Progress], Any]) -> None:
        self.stage = "waiting"
        self.fraction = 0.0
        self.outcome: Any = None
        self.problem: TriptychError | None = None
        self.cancelled = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Waits at most so long; True where the work is done."""
        self._thread.join(seconds)
        return self.done

    def cancel(self) -> None:
        """Asks the work to stop; it does at its next report."""
        self._stop.set()

    def _report(self, stage: str, fraction: float) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.stage, self.fraction = stage, min(max(fraction, 0.0), 1.0)

    def _run(self, work: Callable[[Progress], Any]) -> None:
        try:
            self._report("starting", 0.0)
            self.outcome = work(self._report)
        except Cancelled:
            self.cancelled = True
        except TriptychError as error:
            self.problem = error
        except Exception:  # the last stop of a thread: without it the page would wait for ever
            logging.getLogger(__name__).exception("a job failed")
            self.problem = TriptychError("This did not work, and the fault is the program's", "The terminal that runs the app says more")
