"""Does an event's evidence point at what the model used? Deletion and insertion against random orders, on films joined from clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from mmcore import model_folder
from mmcore.domains.video.cut_out import picture_at
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_spans import Event
from mmcore.domains.video.joined import join
from mmcore.domains.video.slot_data import read_recordings
from mmcore.domains.video.understanding import Understanding, understand
from mmcore.domains.video.vocabulary import fuse
from mmcore.domains.video.where_seen import SeenPieces
from mmcore.evaluation.faithfulness import Areas, areas, summarise_areas

EVIDENCE = "evidence.json"
"""Where a model folder keeps what `measure_faithfulness` found."""
Step = Callable[[str, int, int], None]
FILMS, CLIPS = 12, 6
SIDE, PICTURES = 480, 6


def measure_faithfulness(model: EventModel, sounds: Path, speech: Path | None, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """Films joined from sounds, and from the clips of a second folder (which have pictures). No label is used: none is asked for.

    Over time the pieces are a modality at a moment of an event. In the picture they are the cells of pictures spread over each film, and
    what is asked is sight's probability of the label that sight puts first there.
    """
    groups = [group for folder in (sounds, speech) if folder is not None for group in _films_of(folder, seed)]
    measured: list[Areas] = []
    seen: list[Areas] = []
    films: list[int] = []
    seen_in: list[int] = []
    for number, clips in enumerate(groups):
        found = understand(model, join(clips)[0])
        vectors = model.label_vectors(found.labels)
        for event in found.events:
            pieces = EventPieces(found, event)
            if len(pieces.scores) > 1:
                measured.append(areas(pieces, seed=[seed, number, len(measured)]))
                films.append(number)
        for row in np.linspace(0, len(found.moments) - 1, PICTURES).astype(int) if found.pictures is not None else ():
            picture = picture_at(found.media, float(found.moments[row]), SIDE)
            cells = SeenPieces(model, picture, vectors, int(found.evidence.probabilities["visual"][row].argmax()))
            seen.append(areas(cells, seed=[seed, number, len(seen)]))
            seen_in.append(number)
        step("films", number + 1, len(groups))
    return {
        "command": command, "films": len(groups), "over_time": summarise_areas(measured, np.array(films), seed=seed),
        "in_the_picture": summarise_areas(seen, np.array(seen_in), seed=seed),
    }  # fmt: skip


def proven(folder: Path, kind: str) -> bool:
    """Whether evidence of this kind, "over_time" or "in_the_picture", beat random orders by both measures; False while not measured."""
    measured = model_folder.read_json(folder, EVIDENCE).get(kind, {})
    return all((measured.get(f"{way}_gain_ci", [None])[0] or 0.0) > 0 for way in ("deletion", "insertion"))


@dataclass(frozen=True)
class EventPieces:
    """An event's evidence in pieces: one for each modality at each of its moments. Taking one away leaves it no weight there."""

    found: Understanding
    event: Event

    @cached_property
    def rows(self) -> np.ndarray:
        """The event's moments."""
        return np.flatnonzero((self.found.moments >= self.event.start_s) & (self.found.moments <= self.event.end_s))

    @cached_property
    def pieces(self) -> list[tuple[str, int]]:
        """(modality, moment)."""
        weights = self.found.evidence.weights
        return [(name, int(row)) for name in weights for row in self.rows if weights[name][row] > 0]

    @cached_property
    def scores(self) -> np.ndarray:
        """What the event's label loses at that moment without that modality: the evidence that a result states."""
        evidence, at = self.found.evidence, self.found.labels.index(self.event.label)
        without = {name: evidence.subset([n for n in evidence.probabilities if n != name]) for name in evidence.probabilities}
        return np.array([evidence.fused[row, at] - without[name][row, at] for name, row in self.pieces])

    def strongest(self, modality: str) -> int | None:
        """The moment at which this modality speaks most for the event; None where it says nothing."""
        own = [(score, row) for score, (name, row) in zip(self.scores, self.pieces, strict=True) if name == modality]
        return max(own)[1] if own else None

    @property
    def probability(self) -> Callable[[Sequence[Sequence[int]]], np.ndarray]:
        """The event's mean probability after taking each set of pieces away."""
        evidence, at = self.found.evidence, self.found.labels.index(self.event.label)
        names = list(evidence.probabilities)

        def after(gone: Sequence[int]) -> float:
            weights = {name: evidence.weights[name][self.rows].copy() for name in names}
            for name, row in (self.pieces[i] for i in gone):
                weights[name][int(np.searchsorted(self.rows, row))] = 0.0
            fused = fuse([evidence.probabilities[n][self.rows] for n in names], [weights[n] for n in names])
            return float(fused[:, at].mean())

        return lambda removed: np.array([after(gone) for gone in removed])


def _films_of(folder: Path, seed: int) -> list[list[Path]]:
    """Half of the films' clips, drawn at random."""
    paths = [r.path for r in read_recordings(folder)]
    order = np.random.default_rng(seed).permutation(len(paths))
    count = min(FILMS // 2, len(paths) // CLIPS)
    return [[paths[i] for i in order[n * CLIPS : (n + 1) * CLIPS]] for n in range(count)]
