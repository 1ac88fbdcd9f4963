from __future__ import annotations

import pytest
import torch

from mmcore.tokens import TokenBatch
from mmcore.training.hiding import fill_missing, hide_modalities, hide_tokens


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(count: int = 400, seed: int = 1) -> TokenBatch:
    """Pictures, records and notes; some modalities and many fields missing, never all of a case."""
    draw = generator(seed)
    mask = {name: torch.rand(count, tokens, generator=draw) < 0.6 for name, tokens in (("image", 4), ("record", 6), ("note", 2))}
    gone = torch.randint(4, (count,), generator=draw)
    for number, name in enumerate(mask):
        mask[name][gone == number] = False
    mask["image"][~torch.stack([m.any(1) for m in mask.values()], 1).any(1)] = True
    return TokenBatch({name: torch.randn(*m.shape, 3, generator=draw) for name, m in mask.items()}, mask)


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_hiding_modalities_never_leaves_a_case_without_any(probability: float) -> None:
    before = batch()
    after = hide_modalities(before, probability, generator())
    assert after.presence.any(dim=1).all()
    assert not (after.presence & ~before.presence).any()
    lost = (after.presence.sum(1) < before.presence.sum(1)).float().mean()
    assert (lost == 0) if probability == 0 else (lost > probability * 0.4)


def test_every_combination_of_modalities_is_trained() -> None:
    after = hide_modalities(batch(), 0.5, generator())
    assert len({tuple(row) for row in after.presence.tolist()}) == 7


@pytest.mark.parametrize("probability", [0.0, 0.2, 0.9, 1.0])
def test_hiding_tokens_leaves_each_modality_at_least_one(probability: float) -> None:
    before = batch()
    after = hide_tokens(before, probability, generator())
    assert torch.equal(after.presence, before.presence)
    for name in before.mask:
        assert not (after.mask[name] & ~before.mask[name]).any()
    kept = sum(int(m.sum()) for m in after.mask.values()) / sum(int(m.sum()) for m in before.mask.values())
    assert kept == 1 if probability == 0 else kept < 1 - 0.5 * probability


def test_a_gap_is_filled_with_what_another_case_knows_and_never_touches_what_is_there() -> None:
    before = batch()
    donors = {"record": (before.features["record"], before.mask["record"])}
    after = fill_missing(before, donors, generator())
    there = before.mask["record"].any(dim=1)
    assert after.mask["record"][there].all()
    assert not after.mask["record"][~there].any()
    known = before.mask["record"]
    assert torch.equal(after.features["record"][known], before.features["record"][known])
    for token in range(6):
        pool = {tuple(row) for row in before.features["record"][known[:, token], token].tolist()}
        gaps = after.features["record"][there & ~known[:, token], token].tolist()
        assert gaps and {tuple(row) for row in gaps} <= pool and len({tuple(row) for row in gaps}) > 10
    assert torch.equal(after.mask["image"], before.mask["image"]) and torch.equal(after.features["note"], before.features["note"])


def test_a_field_that_nobody_knows_stays_missing() -> None:
    before = batch()
    before.mask["record"][:, 2] = False
    after = fill_missing(before, {"record": (before.features["record"], before.mask["record"])}, generator())
    assert not after.mask["record"][:, 2].any()


def test_what_is_missing_more_often_for_one_class_is_not_after_filling_and_hiding() -> None:
    count, draw = 4000, generator(5)
    labels = torch.arange(count) % 2
    asked = torch.rand(count, 3, generator=draw) < torch.where(labels == 1, 0.95, 0.35)[:, None]
    asked[:, 0] = True
    before = TokenBatch({"record": torch.randn(count, 3, 2, generator=draw)}, {"record": asked})
    filled = fill_missing(before, {"record": (before.features["record"], asked)}, draw)
    after = hide_tokens(filled, 0.3, draw).mask["record"].float()
    assert (asked[labels == 1].float().mean(0) - asked[labels == 0].float().mean(0))[1:].min() > 0.5
    assert (after[labels == 1].mean(0) - after[labels == 0].mean(0)).abs().max() < 0.04
    assert 0.6 < after.mean() < 0.8


def test_the_seed_decides_what_is_hidden() -> None:
    one, same, other = (hide_tokens(batch(), 0.4, generator(seed)).mask["record"] for seed in (3, 3, 4))
    assert torch.equal(one, same) and not torch.equal(one, other)
