"""What is sold and who bought it: products, purchases and shoppers, however they were read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from mmcore.errors import InputError

TEXT_FIELDS = ("name", "kind", "colour", "place", "description", "price")
"""A product's words, one token each: what it is called, what it is, its colour and pattern, where in the shop, description, price tier."""

TIERS = ("", "low price", "lower middle price", "upper middle price", "high price")


@dataclass(frozen=True)
class Product:
    """One product, known by its content.

    Attributes:
        id: as in the catalogue; never a feature.
        group: what the same garment in other colours shares; the id where that is not known.
        texts: text field -> words, "" where there are none.
        picture: gives (H, W, 3) uint8 RGB; None where the product has no picture.
        picture_key: what tells this picture from another, for keeping features by content; "" where there is none.
        tier: price tier 1 to 4 within the catalogue, 0 where no price is known.
    """

    id: str
    group: str
    texts: Mapping[str, str]
    picture: Callable[[], np.ndarray] | None = None
    picture_key: str = ""
    tier: int = 0

    @property
    def name(self) -> str:
        """For people: the name, with the colour where there is one."""
        colour = self.texts.get("colour", "").split(",")[0]
        return ", ".join(part for part in (self.texts.get("name") or self.id, colour) if part)

    @property
    def words(self) -> dict[str, str]:
        """Every text field, the price tier in words."""
        return {name: self.texts.get(name, "") if name != "price" else TIERS[self.tier] for name in TEXT_FIELDS}


def read_or_none(picture: Callable[[], np.ndarray] | None) -> np.ndarray | None:
    """The pixels; None where there is no picture or it cannot be read."""
    if picture is None:
        return None
    try:
        return picture()
    except (InputError, OSError):
        return None


@dataclass(frozen=True)
class Catalogue:
    """Products in a fixed order; a row number stands for a product in every array."""

    products: tuple[Product, ...]
    title: str = ""
    generated: bool | None = None

    def __len__(self) -> int:
        return len(self.products)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Product id -> row number."""
        return {product.id: row for row, product in enumerate(self.products)}

    @cached_property
    def groups(self) -> np.ndarray:
        """(N,) int: products with the same number are one garment in several colours."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(product.group, len(numbers)) for product in self.products], dtype=int)

    @cached_property
    def digest(self) -> str:
        """sha256 of what is known of every product."""
        found = hashlib.sha256()
        for product in self.products:
            found.update(repr((product.id, product.group, sorted(product.words.items()), product.picture_key)).encode("utf-8", "replace"))
        return found.hexdigest()


@dataclass(frozen=True)
class Purchases:
    """(P,) arrays, one entry a purchase: shopper (any text), product row, day (a whole number that grows with time).

    Attributes:
        began: the date of day 0; None where it is not known.
    """

    shoppers: np.ndarray
    rows: np.ndarray
    days: np.ndarray
    began: date | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def select(self, keep: np.ndarray) -> Purchases:
        """Those where ``keep`` is True."""
        return Purchases(self.shoppers[keep], self.rows[keep], self.days[keep], self.began)

    @property
    def next_day(self) -> int:
        """The day after the last purchase; 0 where there is none."""
        return int(self.days.max()) + 1 if len(self.days) else 0

    def histories(self, shoppers: Sequence[str] | None = None, today: int | None = None) -> dict[str, Shopper]:
        """Shopper -> what they bought, latest first, each product once; those named, else all."""
        today = self.next_day if today is None else today
        wanted = None if shoppers is None else set(shoppers)
        order = np.lexsort((self.rows, -self.days))
        found: dict[str, dict[int, int]] = {name: {} for name in shoppers or ()}
        for at in order:
            name = self.shoppers[at]
            if wanted is None or name in wanted:
                found.setdefault(name, {}).setdefault(int(self.rows[at]), max(0, today - int(self.days[at])))
        return {name: Shopper(tuple(items), tuple(items.values()), name=str(name)) for name, items in found.items()}


EMPTY_PURCHASES = Purchases(np.array([], dtype=object), np.array([], dtype=int), np.array([], dtype=int))


@dataclass(frozen=True)
class Shopper:
    """What is known of one shopper; all of it may be missing.

    Attributes:
        rows: products bought or clicked, the latest first, as row numbers of the catalogue.
        ages: for each how many days ago, 1 for yesterday; as long as ``rows``, or empty where not known.
        wish: words that the shopper typed, "" for none.
        photo: (H, W, 3) uint8 RGB that the shopper dropped, or None.
        likes: text -> weight: further wishes, such as what a review praises (above 0) or blames (below 0).
    """

    rows: tuple[int, ...] = ()
    ages: tuple[int, ...] = ()
    wish: str = ""
    photo: np.ndarray | None = None
    likes: Mapping[str, float] = field(default_factory=dict)
    name: str = ""

    @property
    def days(self) -> tuple[int, ...]:
        """``ages``, yesterday for each where they are not known."""
        return self.ages if len(self.ages) == len(self.rows) else (1,) * len(self.rows)

    @property
    def known(self) -> bool:
        """False where nothing at all is known of the shopper."""
        return bool(self.rows or self.asked)

    @property
    def asked(self) -> bool:
        """Whether anything was typed, reviewed or shown in a photo."""
        return bool(self.wish.strip() or self.likes or self.photo is not None)

    @property
    def sha256(self) -> str:
        """Hash of what is known, without the name."""
        photo = "" if self.photo is None else hashlib.sha256(self.photo.tobytes()).hexdigest()
        return hashlib.sha256(repr((self.rows, self.days, self.wish, photo, sorted(self.likes.items()))).encode()).hexdigest()
