"""95 % percentile intervals by bootstrap over subjects (Efron 1979).

A subject is drawn with all of its rows: several rows of one patient are not independent, and an interval over rows would be too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

LEVEL = 0.95
DRAWS = 1000

Metric = Callable[..., float]


def interval(metric: Metric, subjects: np.ndarray, *arrays: np.ndarray, draws: int = DRAWS, seed: int = 0) -> tuple[float, float]:
    """(low, high) of ``metric(*arrays)``.

    Args:
        subjects: (N,) whose row each row is.
        arrays: each (N, ...), passed to ``metric`` with the rows of the drawn subjects.

    Returns:
        (nan, nan) with fewer than two subjects, or where no draw gives a figure. Draws in which the metric is NaN are left out.
    """
    return _percentiles([metric(*(array[rows] for array in arrays)) for rows in draw_rows(subjects, draws, seed)])


def paired_interval(
    metric: Metric,
    subjects: np.ndarray,
    arrays_a: Sequence[np.ndarray],
    arrays_b: Sequence[np.ndarray],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[float, float]:
    """(low, high) of ``metric(*arrays_a) - metric(*arrays_b)``, both on the same drawn subjects; else as ``interval``."""
    return _percentiles(
        [metric(*(a[rows] for a in arrays_a)) - metric(*(b[rows] for b in arrays_b)) for rows in draw_rows(subjects, draws, seed)]
    )


def draw_rows(subjects: np.ndarray, draws: int, seed: int) -> Iterator[np.ndarray]:
    """For each draw the row numbers of as many subjects as there are, drawn with replacement."""
    _, number, sizes = np.unique(np.asarray(subjects), return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        return
    by_subject = np.argsort(number, kind="stable")
    starts = np.cumsum(sizes) - sizes
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        drawn = rng.integers(len(sizes), size=len(sizes))
        lengths = sizes[drawn]
        before = np.cumsum(lengths) - lengths
        yield by_subject[np.arange(lengths.sum()) + np.repeat(starts[drawn] - before, lengths)]


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    figures = np.asarray(values, dtype=float)
    figures = figures[~np.isnan(figures)]
    if not len(figures):
        return float("nan"), float("nan")
    low, high = np.percentile(figures, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high)
