"""What a film costs by its length: time of every stage, when the first events are known, and memory."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from mmcore.domains.video.event_document import document
from mmcore.domains.video.event_model import load_model
from mmcore.domains.video.joined import write_joined
from mmcore.domains.video.slot_data import read_recordings
from mmcore.domains.video.understanding import understand

Step = Callable[[str, int, int], None]
SIZE, CLIP_S = (854, 480), 3
LENGTHS_S = (10, 60, 600, 1800)
WARM_S, PASSES = 6, 5


def measure_cost(
    model: Path, folder: Path, lengths: Sequence[int], *, command: str, step: Step, memory_mb: Callable[[], float],
    pass_ms: Callable[[], Callable[[], float]],
) -> dict[str, Any]:  # fmt: skip
    """480p films of speech, joined from the clips of ``folder``, each understood once, in a process of its own, after a short one.

    Args:
        model: folder of the model.
        memory_mb: the most memory the process has held so far.
        pass_ms: makes what times one pass of a network that is the same everywhere, so that figures of busy and quiet minutes can be
            compared. Both are called in the films' processes, so they must be functions of a module.
    """
    paths = [r.path for r in read_recordings(folder)]
    rows = []
    with tempfile.TemporaryDirectory(prefix="triptych-") as place:
        warm, film = Path(place) / "warm.mp4", Path(place) / "film.mp4"
        _write(warm, paths, WARM_S)
        for number, seconds in enumerate(sorted(lengths)):
            _write(film, paths, seconds)
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
                rows.append(own.submit(_measure, model, warm, film, memory_mb, pass_ms).result())
            step("lengths", number + 1, len(lengths))
    return {"command": command, "size": list(SIZE), "lengths": rows}


def _write(path: Path, clips: Sequence[Path], seconds: int) -> None:
    with path.open("wb") as out:
        write_joined(out, list(_taken(clips, seconds)), size=SIZE)


def _taken(clips: Sequence[Path], seconds: int) -> Iterator[Path]:
    return islice(cycle(clips), max(1, round(seconds / CLIP_S)))


def _measure(folder: Path, warm: Path, film: Path, memory_mb: Callable[[], float], pass_ms: Callable[[], Callable[[], float]]) -> Any:
    model, timed = load_model(folder), pass_ms()
    understand(model, warm)
    first: list[float] = []
    before_mb, passes = memory_mb(), [timed() for _ in range(PASSES)]
    started, worked = time.perf_counter(), time.process_time()
    found = understand(model, film, sketch=lambda events: first.append(time.perf_counter()))
    document(model, found)
    taken, work = time.perf_counter() - started, time.process_time() - worked
    yardstick = statistics.median(passes + [timed() for _ in range(PASSES)])
    return {
        "film_s": round(found.seconds, 1), "seconds": round(taken, 2), "times_real": round(found.seconds / taken, 2),
        "processor_s": round(work, 2),
        "first_events_s": round(first[0] - started, 2) if first else None, "memory_mb": round(memory_mb()),
        "memory_before_mb": round(before_mb), "pass_ms": round(yardstick, 1),
        "passes_a_second": round(1000 * taken / yardstick / found.seconds, 2), "stages_ms": dict(found.timings_ms),
    }  # fmt: skip
