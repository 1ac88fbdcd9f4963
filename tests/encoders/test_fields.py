from __future__ import annotations

import pytest
import torch

from mmcore.case import Record
from mmcore.encoders.fields import BINS, FieldEncoder
from mmcore.model_spec import Field

FIELDS = (
    Field("age", "Age", "number", range=(0.0, 120.0)),
    Field("region", "Region", "category", values=("ARM", "BACK", "EAR")),
    Field("itch", "Itches", "flag"),
)
ENCODER = FieldEncoder(FIELDS)


def row(**values: float | str | None) -> torch.Tensor:
    return ENCODER.tokens(Record(values)).features


def test_each_field_writes_only_into_its_own_stretch() -> None:
    features = row(age=60.0, region="BACK", itch="True")
    assert features.shape == (3, ENCODER.card.width)
    used = features != 0
    assert not (used.sum(0) > 1).any()
    assert used.any(dim=1).all()


def test_a_missing_field_has_no_token_and_a_missing_record_none_at_all() -> None:
    tokens = ENCODER.tokens(Record({"age": None, "region": "ARM", "itch": None}))
    assert tokens.mask.tolist() == [False, True, False] and tokens.features[0].abs().sum() == 0
    assert [where["field"] for where in tokens.where] == ["age", "region", "itch"]
    assert not ENCODER.absent().present and ENCODER.tokens(Record({"itch": "False"})).present


def test_values_that_differ_give_tokens_that_differ() -> None:
    assert not torch.equal(row(itch="True"), row(itch="False"))
    assert len({tuple(row(region=value)[1].tolist()) for value in FIELDS[1].values}) == 3
    assert len({tuple(row(age=float(age))[0].tolist()) for age in range(121)}) == 121


def test_a_number_is_coded_piece_by_piece() -> None:
    code = row(age=30.0)[0, 2 : 2 + BINS]
    assert code.tolist() == pytest.approx([1.0, 0.5, 0, 0, 0, 0])
    assert row(age=30.0)[0, 1] == pytest.approx(-0.5)
    assert row(age=120.0)[0, 1 : 2 + BINS].tolist() == pytest.approx([1.0] * 7)
