"""The set of clothing reviews: what is read of it, and which garments are held out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.errors import InputError

TABLE = "reviews.parquet"
COLUMNS = ("clothing_id", "title", "review_text", "recommended_ind")
HELD_OUT = 5  # every so manyth garment


@dataclass(frozen=True)
class Reviews:
    """N reviews.

    Attributes:
        texts: title and review as one text.
        bodies: the review's text alone, "" where there is none; marks count its characters.
        liked: (N,) 1 where the writer recommends the garment, 0 where not.
        garments: (N,) whose review it is: splits are made by it.
        rows: (N,) row numbers in the table.
    """

    texts: tuple[str, ...]
    bodies: tuple[str, ...]
    liked: np.ndarray
    garments: np.ndarray
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)

    def where(self, chosen: np.ndarray) -> Reviews:
        """The reviews where ``chosen`` (N,) is True."""
        at = np.flatnonzero(chosen)
        return Reviews(
            tuple(self.texts[i] for i in at), tuple(self.bodies[i] for i in at), self.liked[at], self.garments[at], self.rows[at]
        )

    @property
    def held_out(self) -> np.ndarray:
        """(N,) bool: reviews of the fifth of the garments that nothing is trained on."""
        return np.array([is_held_out(garment) for garment in self.garments])


def is_held_out(garment: int) -> bool:
    """By a hash of the garment's number: the same on every machine, whatever the rows' order."""
    return int(hashlib.sha256(str(int(garment)).encode()).hexdigest()[:8], 16) % HELD_OUT == 0


def read_reviews(folder: Path) -> Reviews:
    """Every review with a title or a text; InputError where the table or a column is missing. The rating is not read."""
    path = folder / TABLE
    if not path.is_file():
        raise InputError(f"{folder.name} holds no {TABLE}", "Give the folder of the clothing reviews")
    try:
        table = pd.read_parquet(path, columns=list(COLUMNS))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{TABLE} cannot be read: {error}", f"It needs the columns {', '.join(COLUMNS)}") from error
    titles, bodies = table["title"].fillna("").astype(str), table["review_text"].fillna("").astype(str)
    texts = [f"{title}. {body}" if title else body for title, body in zip(titles, bodies, strict=True)]
    there = np.array([bool(text.strip()) for text in texts])
    numbers = np.arange(len(texts))
    liked, garments = table["recommended_ind"].to_numpy(dtype=int), table["clothing_id"].to_numpy(dtype=int)
    return Reviews(tuple(texts), tuple(bodies), liked, garments, numbers).where(there)
