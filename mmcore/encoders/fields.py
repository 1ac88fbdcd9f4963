"""A record to one token a field, as FT-Transformer does (Gorishniy et al. 2021).

Each field owns a stretch of the token's width and writes only there: a constant, and a number as a piecewise-linear code
(Gorishniy et al. 2022) or a category as one-hot. A linear layer on such tokens is then exactly FT-Transformer's tokenizer: a
vector and a bias for each number, a looked-up vector for each category. A missing field has no token.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from mmcore.case import Record
from mmcore.encoders.card import EncoderCard
from mmcore.model_spec import Field
from mmcore.tokens import Tokens

BINS = 6
"""Pieces of a number's code, over the middle of its range as the schema states it."""


RARE = 0.5
"""Size of a one-hot entry: smaller than a flag, so that a value seen in few cases is not learned as fast as one seen in all."""


class FieldEncoder:
    """Encodes records of one schema; it has no weights."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = tuple(fields)
        widths = [1 + _width(field) for field in self.fields]
        self.starts = [sum(widths[:i]) for i in range(len(widths))]
        self.card = EncoderCard(
            name="fields",
            kind="record",
            source="Gorishniy et al. 2021 and 2022; no weights",
            licence="",
            sha256="",
            input="a record of the model's schema",
            width=sum(widths),
            tokens=len(widths),
        )

    def tokens(self, record: Record) -> Tokens:
        """One token a field; the mask is False where the field is missing."""
        features = torch.zeros(len(self.fields), self.card.width)
        mask = torch.zeros(len(self.fields), dtype=torch.bool)
        for row, (field, start) in enumerate(zip(self.fields, self.starts, strict=True)):
            value = record.values.get(field.name)
            if value is None:
                continue
            mask[row] = True
            features[row, start] = 1.0
            features[row, start + 1 : start + 1 + _width(field)] = torch.tensor(_code(field, value))
        return Tokens(features, mask, tuple({"field": field.name} for field in self.fields))

    def absent(self) -> Tokens:
        """Tokens of a missing record."""
        return self.tokens(Record({}))

    def warm(self) -> None:
        """There is no network to build."""


def _width(field: Field) -> int:
    return {"number": BINS + 1, "category": len(field.values), "flag": 1}[field.type]


def _code(field: Field, value: float | str) -> list[float]:
    if field.type == "category":
        return [RARE * (value == allowed) for allowed in field.values]
    if field.type == "flag":
        return [1.0 if value == "True" else -1.0]
    low, high = field.range
    share = (float(value) - low) / (high - low)
    return [2 * share - 1] + [min(1.0, max(0.0, share * BINS - piece)) for piece in range(BINS)]
