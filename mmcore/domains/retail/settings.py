"""Fixed settings of the ranking model, from model.toml: chosen on the day before the test day, never on a user's data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CountSettings:
    """Of what is counted on the given purchases.

    Attributes:
        ridge: strength of the ridge that keeps the item-item weights small.
        text, image: weight of the content kernels beside the counts, in pseudo-purchases.
        factors, regularization, alpha: of implicit ALS: width, ridge and weight of a purchase against none.
        shrink: purchases added to the denominator of a neighbour's share, where a large catalogue looks for candidates.
        half_life: days after which a purchase counts half in the popularity.
        most: products, the most bought first, among which item-item weights are solved; the rest live on content alone.
        kept: neighbours kept for each product.
    """

    ridge: float = 200.0
    text: float = 15.0
    image: float = 30.0
    factors: int = 64
    regularization: float = 10.0
    alpha: float = 40.0
    shrink: float = 10.0
    half_life: float = 1.0
    most: int = 9000
    kept: int = 2048


@dataclass(frozen=True)
class BlendSettings:
    """Weights of the standardised parts of a score.

    Attributes:
        counts, towers, popularity, factors: with behaviour there.
        similarity: of plain likeness to the past beside the towers, without behaviour.
        wish, photo, described: of what the shopper asks for.
    """

    counts: float = 1.0
    towers: float = 0.5
    popularity: float = 0.35
    factors: float = 0.6
    similarity: float = 0.5
    wish: float = 1.5
    photo: float = 1.0
    described: float = 1.0


@dataclass(frozen=True)
class LaunchSettings:
    """A product that nobody has bought yet: weights of its parts, and how what others bought is foretold from its content.

    Attributes:
        towers, counts, popularity, factors: weights of the standardised parts for such a product.
        start: what is added to its score: more shows it more often, at the cost of the others.
        ridge: of the regression of log-popularity on content.
        alike: bought products most like it whose factors it borrows; ``sharp``: how fast the weight falls with likeness.
    """

    towers: float = 0.9
    counts: float = 0.8
    popularity: float = 0.5
    factors: float = 0.6
    start: float = 0.0
    ridge: float = 20.0
    alike: int = 20
    sharp: float = 8.0


@dataclass(frozen=True)
class TowerSettings:
    """Shape and training of the two towers.

    Attributes:
        dim: width of the one vector of each side.
        hide: share of steps with a modality hidden on both sides.
        hide_past: share of past products shown by one modality alone, so that a typed wish or a photo is nothing new.
        negatives: products drawn for each step beside those bought.
    """

    dim: int = 96
    hidden: int = 256
    dropout: float = 0.2
    hide: float = 0.3
    hide_past: float = 0.1
    negatives: int = 1024
    epochs: int = 6
    batch: int = 256
    rate: float = 2e-3
    decay: float = 1e-2
    past: int = 12


@dataclass(frozen=True)
class RankingSettings:
    """Everything in model.toml [settings]."""

    counts: CountSettings = field(default_factory=CountSettings)
    blend: BlendSettings = field(default_factory=BlendSettings)
    launch: LaunchSettings = field(default_factory=LaunchSettings)
    towers: TowerSettings = field(default_factory=TowerSettings)
