"""How much a writer likes a garment: a linear model over words and pairs of words, so that every part of a text has its own push.

TF-IDF (Spärck Jones 1972) with logistic regression. The logit is a sum over the places in the text where a known word or pair stands: the
contribution of a stretch of text is exact, not estimated.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import safetensors.numpy

from mmcore.errors import ModelError

WORD = re.compile(r"[a-z']+|[!?]")
LIKED = "recommended"


@dataclass(frozen=True)
class Push:
    """One known word or pair of words: characters [start, end) of the text, and what it adds to the logit of "liked"."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class SentimentModel:
    """Weights of V known words and pairs.

    Attributes:
        terms: V words, or pairs joined by a space.
        idf, weights: (V,) float32.
        intercept: the logit of a text without any known word.
    """

    terms: tuple[str, ...]
    idf: np.ndarray
    weights: np.ndarray
    intercept: float

    @cached_property
    def _number(self) -> dict[str, int]:
        return {term: at for at, term in enumerate(self.terms)}

    def pushes(self, text: str) -> list[Push]:
        """Every place of a known term; the scores and the intercept sum to the logit."""
        found = [(at, start, end) for term, start, end in terms_of(text) if (at := self._number.get(term)) is not None]
        count = Counter(at for at, _, _ in found)
        size = {at: (1 + math.log(n)) * float(self.idf[at]) for at, n in count.items()}
        norm = math.sqrt(sum(value * value for value in size.values())) or 1.0
        return [Push(start, end, size[at] * float(self.weights[at]) / norm / count[at]) for at, start, end in found]

    def logit(self, text: str) -> float:
        """Above zero where the writer would rather recommend the garment."""
        return self.intercept + sum(push.score for push in self.pushes(text))

    def probability(self, text: str) -> float:
        """That the writer recommends the garment."""
        return 1.0 / (1.0 + math.exp(-self.logit(text)))

    def to_bytes(self) -> bytes:
        """The model as one safetensors file in float16; the terms are in it as lines of UTF-8."""
        lines = np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8)
        numbers = np.array([self.intercept], dtype=np.float32)
        return safetensors.numpy.save(
            {"terms": lines, "idf": self.idf.astype(np.float16), "weights": self.weights.astype(np.float16), "intercept": numbers}
        )


def lowered(text: str) -> str:
    """In lower case with straight apostrophes, as many characters as before: spans count them."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text).replace("’", "'")


def terms_of(text: str) -> list[tuple[str, int, int]]:
    """Every word and every pair of neighbours, in lower case, with its characters."""
    words = [(match.group(), match.start(), match.end()) for match in WORD.finditer(lowered(text))]
    return words + [(f"{a} {b}", start, end) for (a, start, _), (b, _, end) in pairwise(words)]


def load_sentiment(data: bytes) -> SentimentModel:
    """The model in a file that `to_bytes` wrote; ModelError where it is damaged."""
    try:
        held = safetensors.numpy.load(data)
        terms = tuple(held["terms"].tobytes().decode().split("\n"))
        idf, weights = held["idf"].astype(np.float32), held["weights"].astype(np.float32)
        if not len(terms) == len(idf) == len(weights):
            raise ValueError("lengths differ")
        return SentimentModel(terms, idf, weights, float(held["intercept"][0]))
    except (safetensors.SafetensorError, KeyError, ValueError, IndexError) as error:
        raise ModelError("the weights of the review encoder are damaged", "Restore the file or train it again") from error


def fit_sentiment(texts: Sequence[str], liked: np.ndarray, *, terms: int, least: int, strength: float) -> SentimentModel:
    """Logistic regression on TF-IDF with unit length.

    Args:
        liked: (N,) 1 where the writer recommends the garment.
        terms: how many of the most frequent words and pairs are kept.
        least: texts that a term must occur in.
        strength: C, the inverse of the penalty.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    def analyzer(text: str) -> list[str]:
        return [term for term, _, _ in terms_of(text)]

    table = TfidfVectorizer(analyzer=analyzer, min_df=least, max_features=terms, sublinear_tf=True)
    found = LogisticRegression(C=strength, max_iter=1000, solver="liblinear").fit(table.fit_transform(texts), liked)
    return SentimentModel(
        tuple(table.get_feature_names_out()), table.idf_.astype(np.float32), found.coef_[0].astype(np.float32), float(found.intercept_[0])
    )
