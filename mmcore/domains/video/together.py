"""What belongs together: pictures and sounds of a film by what they mean, shares of every modality over time, and films by their looks."""

from __future__ import annotations

import numpy as np

from mmcore.domains.video.event_model import EventModel, Evidence
from mmcore.domains.video.understanding import Understanding
from mmcore.domains.video.vocabulary import unit
from mmcore.explain.shapley import shapley_shares
from mmcore.tokens import all_subsets, subset_name

KNOWN = 0.25
"""A sound of which less belongs to any known kind has no meaning to compare."""
CELLS = 40
"""Rows and columns of a matrix that is shown: longer films are cut into so many stretches."""


def alignment(model: EventModel, found: Understanding) -> np.ndarray | None:
    """(N, N) how near in meaning the picture at one moment and the sound at another are, -1 to 1; NaN where there is none.

    Both are put among the sentence vectors of what their kinds are called and look like; a sound that is nearly all "other" stays NaN.
    None without pictures or without sound.
    """
    if found.pictures is None or found.sounds is None:
        return None
    matrix = by_meaning(model, found.pictures, found.sounds)
    return None if np.isnan(matrix).all() else matrix


def by_meaning(model: EventModel, pictures: np.ndarray, sounds: np.ndarray) -> np.ndarray:
    """(N, 1000) kinds of picture, (M, K) kinds of sound, rows of NaN for nothing -> (N, M) nearness in meaning, as in `alignment`."""
    filled = np.nan_to_num(pictures)
    known = np.nan_to_num(sounds)[:, :-1]
    heard = unit(known @ model.bridge.apart(model.sound_names))
    matrix = model.bridge.meaning(filled) @ heard.T
    matrix[np.isnan(pictures[:, 0])] = np.nan
    matrix[:, np.isnan(sounds[:, 0]) | (known.sum(axis=1) < KNOWN)] = np.nan
    return matrix


def alike(one: Understanding, other: Understanding) -> np.ndarray | None:
    """(N, M) cosine of the looks of two films' moments; None where one has no pictures."""
    if one.looks is None or other.looks is None:
        return None
    return unit(one.looks) @ unit(other.looks).T


def nearest_moments(found: Understanding, look: np.ndarray, count: int) -> list[tuple[int, float]]:
    """The shots that look most like (1280,): the moment in each that is nearest and its cosine, best first."""
    if found.looks is None:
        return []
    likeness = np.nan_to_num(unit(found.looks) @ unit(look[None])[0], nan=-1.0)
    best = []
    for shot in found.shots:
        rows = np.flatnonzero((found.moments >= shot.start_s) & (found.moments < shot.end_s))
        if len(rows):
            row = int(rows[likeness[rows].argmax()])
            best.append((row, float(likeness[row])))
    return sorted((b for b in best if b[1] > 0), key=lambda b: -b[1])[:count]


def shares_over_time(evidence: Evidence) -> dict[str, np.ndarray]:
    """Modality -> (N,) its Shapley share, at each moment, of the label that is first there."""
    names = tuple(evidence.probabilities)
    rows = np.arange(len(evidence.fused))
    top = evidence.fused.argmax(axis=1)
    values = {subset_name(s): evidence.subset(s)[rows, top] for s in all_subsets(names)[1:]}
    values = {"": np.full(len(rows), 1 / evidence.fused.shape[1]), **values}
    return {name: np.asarray(share) for name, share in shapley_shares(values, names).items()}


def shown(matrix: np.ndarray, cells: int = CELLS) -> np.ndarray:
    """The matrix, or the means of so many stretches of its rows and columns where it has more."""
    rows = list(np.array_split(np.arange(matrix.shape[0]), min(cells, matrix.shape[0])))
    columns = list(np.array_split(np.arange(matrix.shape[1]), min(cells, matrix.shape[1])))
    filled, there = np.nan_to_num(matrix), ~np.isnan(matrix)
    total = np.array([[filled[np.ix_(r, c)].sum() for c in columns] for r in rows])
    count = np.array([[there[np.ix_(r, c)].sum() for c in columns] for r in rows])
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
