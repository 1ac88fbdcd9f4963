"""How well moments of a film are found by words: recall at 1, intersection over union of at least a half, on films joined from clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.joined import join
from mmcore.domains.video.moments import plain_words, said_word_for_word, search
from mmcore.domains.video.slot_data import FOLD, LETTER, read_recordings, read_word_times
from mmcore.domains.video.understanding import understand
from mmcore.encoders.transcript import Word
from mmcore.errors import InputError
from mmcore.evaluation.bootstrap import interval

Step = Callable[[str, int, int], None]
Timed = tuple[str, float, float]
FILMS, CLIPS, IOU = 10, 20, 0.5
WORDS, PART = 6, slice(1, 5)
"""Of the six words of a command, the part is colour, preposition, letter and digit."""


def measure_moments(model: EventModel, folder: Path, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """Each command of each film is looked for by its words, whole and in part; a hit is a first moment that overlaps it by half.

    The lateness of word times (`WORDS_LATE_S`) was read off the first fold of letters; the films are made of the letters of the others.
    """
    recordings, times = read_recordings(folder), read_word_times(folder)
    folds = sorted({r.columns.get(FOLD, "") for r in recordings})
    held = [r for r in recordings if r.columns.get(FOLD) != folds[0] and len(times.get(r.id, ())) == WORDS]
    if len(folds) < 2 or len(held) < CLIPS:
        raise InputError("too few clips with word times", "Give video_grid_s1, or a folder laid out like it")
    order = np.random.default_rng(seed).permutation(len(held))
    hits: dict[str, list[float]] = {"whole": [], "part": [], "whole_exact": [], "part_exact": []}
    films: list[int] = []
    late: list[float] = []
    count = min(FILMS, len(held) // CLIPS)
    for number in range(count):
        clips = [held[i] for i in order[number * CLIPS : (number + 1) * CLIPS]]
        film, starts = join([r.path for r in clips])
        found = understand(model, film)
        said = [word for part in found.said for word in part.words]
        truth = [[(w, a + at, b + at) for w, a, b in times[r.id]] for r, at in zip(clips, starts, strict=True)]
        late += lateness(said, [word for words in truth for word in words])
        for words in truth:
            films.append(number)
            for name, part in (("whole", words), ("part", words[PART])):
                query, span = " ".join(w for w, _, _ in part), (part[0][1], part[-1][2])
                for way, best in ((name, search(model, found, query)), (f"{name}_exact", said_word_for_word(said, plain_words(query)))):
                    hits[way].append(float(bool(best) and overlap((best[0].start_s, best[0].end_s), span) >= IOU))
        step("films", number + 1, count)
    groups = np.array(films)
    return {
        "command": command, "films": count, "clips": CLIPS, "queries": len(groups), "iou": IOU,
        "letters": sorted({r.columns[LETTER] for r in held}), "late_s": float(np.median(late)) if late else None,
        "recall_at_1": {name: float(np.mean(values)) for name, values in hits.items()},
        "recall_at_1_ci": {name: list(interval(np.mean, groups, np.array(values))) for name, values in hits.items()},
    }  # fmt: skip


def lateness(said: Sequence[Word], truth: Sequence[Timed]) -> list[float]:
    """Seconds by which the words that were written down rightly start later than they are said."""
    read = ["".join(plain_words(word.text)) for word in said]
    matched = SequenceMatcher(None, read, [word for word, _, _ in truth], autojunk=False).get_matching_blocks()
    return [said[m.a + k].start_s - truth[m.b + k][1] for m in matched for k in range(m.size)]


def overlap(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Intersection over union of two stretches of time."""
    shared = max(0.0, min(a[1], b[1]) - max(a[0], b[0]))
    return shared / max(1e-9, max(a[1], b[1]) - min(a[0], b[0]))
