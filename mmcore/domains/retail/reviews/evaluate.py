"""The review encoder on garments that it was not trained on: sentiment beside simple baselines, aspects against marks made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from mmcore.domains.retail.reviews.aspects import ASPECTS
from mmcore.domains.retail.reviews.dataset import Reviews
from mmcore.domains.retail.reviews.reading import Aspect, read_review
from mmcore.domains.retail.reviews.sentiment import SentimentModel
from mmcore.evaluation.bootstrap import interval, paired_interval

MARKS = Path(__file__).parent / "marks.csv"
PRAISE = frozenset(
    [
        "love",
        "loved",
        "perfect",
        "great",
        "beautiful",
        "comfortable",
        "flattering",
        "soft",
        "pretty",
        "gorgeous",
        "compliments",
        "cute",
        "amazing",
        "best",
        "nice",
    ]
)
BLAME = frozenset(
    [
        "disappointed",
        "returned",
        "return",
        "returning",
        "unfortunately",
        "cheap",
        "huge",
        "poor",
        "bad",
        "weird",
        "awkward",
        "unflattering",
        "sad",
        "back",
        "wanted",
    ]
)
WELL = 0.5  # intersection over union from which two spans count as the same


@dataclass(frozen=True)
class Mark:
    """An aspect marked by hand: characters [start, end) of review_text in a row of the table; polarity 1, -1 or 0."""

    row: int
    start: int
    end: int
    aspect: str
    polarity: int


def evaluate_sentiment(model: SentimentModel, reviews: Reviews, trained: Reviews, sentences: np.ndarray | None = None) -> dict[str, Any]:
    """AUROC of recommended or not on ``reviews`` with 95 % intervals over garments; baselines fitted on ``trained``.

    Args:
        sentences: (len(trained) + len(reviews), D) sentence vectors for one baseline more; None leaves it out.
    """
    scores = {
        "words and pairs (shipped)": np.array([model.logit(text) for text in reviews.texts]),
        "naive Bayes on words": _naive_bayes(trained, reviews),
        "count of praise less blame": np.array([_praise(text) for text in reviews.texts]),
        "exclamation marks": np.array([float(text.count("!")) for text in reviews.texts]),
        "length (short is better)": np.array([-float(len(text)) for text in reviews.texts]),
    }
    if sentences is not None:
        scores["sentence vectors (MiniLM)"] = _on_vectors(sentences, trained, reviews)
    ours = scores["words and pairs (shipped)"]
    probability = 1 / (1 + np.exp(-ours))
    return {
        "reviews": len(reviews),
        "garments": len(set(reviews.garments.tolist())),
        "recommended": float(reviews.liked.mean()),
        "auroc": {name: _auroc(reviews, values) for name, values in scores.items()},
        "gain_over": {
            name: list(paired_interval(roc_auc_score, reviews.garments, (reviews.liked, ours), (reviews.liked, values), draws=500))
            for name, values in scores.items()
            if values is not ours
        },
        "brier": float(np.mean((probability - reviews.liked) ** 2)),
        "brier_of_the_mean": float(np.mean((trained.liked.mean() - reviews.liked) ** 2)),
        "ece": _calibration_error(probability, reviews.liked),
    }


def read_marks(path: Path = MARKS) -> tuple[list[Mark], list[int]]:
    """The marks, and every row that was read, those with nothing to mark included."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    marks = [
        Mark(int(row), int(start), int(end), aspect, int(polarity))
        for row, start, end, aspect, polarity in table.itertuples(index=False)
        if aspect
    ]
    return marks, sorted({int(row) for row in table["row"]})


def evaluate_aspects(model: SentimentModel, reviews: Reviews) -> dict[str, Any]:
    """Precision and recall of aspects against the marks: a span counts where it touches one of the same aspect, and strictly where both
    share at least half of what they cover together. Intervals over reviews."""
    marks, rows = read_marks()
    bodies = {int(row): body for row, body in zip(reviews.rows, reviews.bodies, strict=True)}
    held = {int(row) for row in reviews.where(reviews.held_out).rows}
    rows = [row for row in rows if row in held]
    found = {row: read_review(bodies[row], model).aspects for row in rows}
    marked = {row: [mark for mark in marks if mark.row == row] for row in rows}
    out: dict[str, Any] = {"reviews": len(rows), "marks": sum(map(len, marked.values())), "found": sum(map(len, found.values()))}
    for name, least in (("touching", 0.0), ("half", WELL)):
        out[name] = {aspect: _figures(rows, found, marked, (aspect,), least) for aspect in ASPECTS}
        out[name]["all"] = _figures(rows, found, marked, ASPECTS, least)
    out["named_in_review"] = _named(rows, found, marked)
    out["polarity"] = _polarity(rows, found, marked)
    return out


def overlap(a: Aspect | Mark, b: Aspect | Mark) -> float:
    """Intersection over union of two spans, in characters."""
    shared = min(a.end, b.end) - max(a.start, b.start)
    return max(0, shared) / (max(a.end, b.end) - min(a.start, b.start))


def _figures(rows: Sequence[int], found: dict, marked: dict, aspects: Sequence[str], least: float) -> dict[str, Any]:
    counts = np.array([_hits(found[row], marked[row], aspects, least) for row in rows], dtype=float)
    right, told, met, asked = counts.sum(axis=0)
    ids = np.array(rows)
    return {
        "precision": right / told if told else None,
        "precision_ci": list(interval(lambda c: c[:, 0].sum() / c[:, 1].sum(), ids, counts)) if told else None,
        "recall": met / asked if asked else None,
        "recall_ci": list(interval(lambda c: c[:, 2].sum() / c[:, 3].sum(), ids, counts)) if asked else None,
        "marks": int(asked),
        "found": int(told),
    }


def _hits(found: Sequence[Aspect], marked: Sequence[Mark], aspects: Sequence[str], least: float) -> tuple[int, int, int, int]:
    """(found that are right, found, marks that are met, marks)."""
    told, asked = [a for a in found if a.name in aspects], [m for m in marked if m.aspect in aspects]

    def same(a: Aspect, m: Mark) -> bool:
        return a.name == m.aspect and overlap(a, m) > 0 and overlap(a, m) >= least

    right = sum(any(same(a, m) for m in asked) for a in told)
    return right, len(told), sum(any(same(a, m) for a in told) for m in asked), len(asked)


def _named(rows: Sequence[int], found: dict, marked: dict) -> dict[str, float]:
    """Whether a review names an aspect at all, over all rows and aspects."""
    told = {(row, a.name) for row in rows for a in found[row]}
    asked = {(row, m.aspect) for row in rows for m in marked[row]}
    return {"precision": len(told & asked) / len(told), "recall": len(told & asked) / len(asked)}


def _polarity(rows: Sequence[int], found: dict, marked: dict) -> dict[str, Any]:
    """Praise against blame where both a mark and a found span of its aspect say one of them; "majority" always says praise."""
    pairs = [
        (m.polarity, max(near, key=lambda a, m=m: overlap(a, m)).polarity)  # type: ignore[misc]
        for row in rows
        for m in marked[row]
        if m.polarity and (near := [a for a in found[row] if a.name == m.aspect and overlap(a, m) > 0 and a.polarity])
    ]
    truth, told = np.array(pairs).T
    return {"spans": len(pairs), "accuracy": float((truth == told).mean()), "majority": float((truth == 1).mean())}


def _auroc(reviews: Reviews, values: np.ndarray) -> dict[str, Any]:
    return {
        "auroc": float(roc_auc_score(reviews.liked, values)),
        "auroc_ci": list(interval(roc_auc_score, reviews.garments, reviews.liked, values, draws=500)),
    }


def _naive_bayes(trained: Reviews, reviews: Reviews) -> np.ndarray:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB

    table = CountVectorizer(min_df=3)
    fitted = MultinomialNB().fit(table.fit_transform(trained.texts), trained.liked)
    return fitted.predict_log_proba(table.transform(reviews.texts)) @ np.array([-1.0, 1.0])


def _on_vectors(sentences: np.ndarray, trained: Reviews, reviews: Reviews) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=10, max_iter=1000).fit(sentences[: len(trained)], trained.liked)
    return fitted.decision_function(sentences[len(trained) : len(trained) + len(reviews)])


def _praise(text: str) -> float:
    words = text.lower().replace(".", " ").replace(",", " ").replace("!", " ").split()
    return float(sum(word in PRAISE for word in words) - sum(word in BLAME for word in words))


def _calibration_error(probability: np.ndarray, liked: np.ndarray) -> float:
    """Expected calibration error over ten equal-width bins."""
    bins = np.minimum((probability * 10).astype(int), 9)
    parts = [(bins == at) for at in range(10) if (bins == at).any()]
    return float(sum(part.mean() * abs(probability[part].mean() - liked[part].mean()) for part in parts))
