"""What a film costs by its length: time of every stage, when the first events are known, and memory."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from mmcore.domains.video.event_document import document
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.joined import join
from mmcore.domains.video.slot_data import read_recordings
from mmcore.domains.video.understanding import understand

Step = Callable[[str, int, int], None]
SIZE, CLIP_S = (854, 480), 3
LENGTHS_S = (10, 30, 60, 120)
WARM_CLIPS, PASSES = 2, 5


def measure_cost(
    model: EventModel, folder: Path, lengths: Sequence[int], *, command: str, step: Step, memory_mb: Callable[[], float],
    pass_ms: Callable[[], float],
) -> dict[str, Any]:  # fmt: skip
    """480p films of speech, joined from the clips of ``folder``, each understood once after a short one that warms everything up.

    Args:
        memory_mb: the most memory the process has held so far.
        pass_ms: times one pass of a network that is the same everywhere, so that figures of busy and quiet minutes can be compared.
    """
    paths = [r.path for r in read_recordings(folder)]
    understand(model, join(paths[:WARM_CLIPS], size=SIZE)[0])
    rows = []
    for number, seconds in enumerate(sorted(lengths)):
        film, _ = join(list(islice(cycle(paths), max(1, round(seconds / CLIP_S)))), size=SIZE)
        first: list[float] = []
        passes = [pass_ms() for _ in range(PASSES)]
        started = time.perf_counter()
        found = understand(model, film, sketch=_noter(first))
        document(model, found)
        taken = time.perf_counter() - started
        passes += [pass_ms() for _ in range(PASSES)]
        yardstick = statistics.median(passes)
        rows.append({
            "film_s": round(found.seconds, 1), "seconds": round(taken, 2), "times_real": round(found.seconds / taken, 2),
            "first_events_s": round(first[0] - started, 2) if first else None, "memory_mb": round(memory_mb()),
            "pass_ms": round(yardstick, 1), "passes_a_second": round(1000 * taken / yardstick / found.seconds, 2),
            "stages_ms": dict(found.timings_ms),
        })  # fmt: skip
        step("lengths", number + 1, len(lengths))
    return {"command": command, "size": list(SIZE), "lengths": rows}


def _noter(times: list[float]) -> Callable[[Any], None]:
    return lambda events: times.append(time.perf_counter())
