"""A review read: how much its writer likes the garment, and each aspect named in it with its span and its push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mmcore.domains.retail.reviews.aspects import mentions
from mmcore.domains.retail.reviews.sentiment import Push, SentimentModel, load_sentiment
from mmcore.errors import ModelError

WEIGHTS = Path(__file__).parent / "sentiment.safetensors"
NEUTRAL = 0.15  # a push within this of zero says neither


@dataclass(frozen=True)
class Aspect:
    """What is said of one aspect.

    Attributes:
        name: fit, fabric, colour, quality, price or comfort.
        start, end: characters of the review.
        score: what this stretch adds to the logit of "the writer recommends it".
    """

    name: str
    start: int
    end: int
    score: float

    @property
    def polarity(self) -> int:
        """1 praise, -1 blame, 0 neither."""
        return 0 if abs(self.score) < NEUTRAL else 1 if self.score > 0 else -1


@dataclass(frozen=True)
class ReviewReading:
    """A review's answer: ``probability`` that its writer recommends the garment, its aspects in order, every push."""

    probability: float
    aspects: tuple[Aspect, ...]
    pushes: tuple[Push, ...]


def read_review(text: str, model: SentimentModel | None = None) -> ReviewReading:
    """Sentiment and aspects of one review (English; other languages find no known words)."""
    model = model or shipped()
    pushes = model.pushes(text)
    found = tuple(Aspect(m.aspect, m.start, m.end, score_within(pushes, m.start, m.end)) for m in mentions(text))
    return ReviewReading(model.probability(text), found, tuple(pushes))


def score_within(pushes: Sequence[Push], start: int, end: int) -> float:
    """The sum of the pushes that lie in characters [start, end)."""
    return sum(push.score for push in pushes if start <= push.start and push.end <= end)


@cache
def shipped() -> SentimentModel:
    """The model that comes with the program."""
    try:
        return load_sentiment(WEIGHTS.read_bytes())
    except OSError as error:
        raise ModelError("the weights of the review encoder are not there", "Restore sentiment.safetensors or train it again") from error
