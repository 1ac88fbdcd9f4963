"""What every fusion must do, whatever it learned."""

from __future__ import annotations

import pytest
import torch

from mmcore.errors import ConfigError
from mmcore.fusion import Ensemble, FusionSettings, TokenShape, build_fusion, check_settings, packed
from mmcore.fusion.interface import pool
from mmcore.tokens import TokenBatch, all_subsets
from tests.fusion.batches import NAMES, PRIOR, SHAPES, batch, network

SUBSETS = all_subsets(tuple(SHAPES))[1:]


def keep(subset: tuple[str, ...]) -> torch.Tensor:
    return torch.tensor([name in subset for name in SHAPES])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("subset", SUBSETS, ids="+".join)
def test_every_subset_of_modalities_is_answered(name: str, subset: tuple[str, ...]) -> None:
    out = network(name)(batch().keep(keep(subset)))
    assert out.logits.shape == (6, 3)
    assert out.per_modality.shape == (6, 3, 3)
    assert torch.isfinite(out.logits.log_softmax(-1)).all()
    assert torch.allclose(out.per_modality.exp().sum(-1), torch.ones(6, 3), atol=1e-5)
    assert (out.logits.softmax(-1) - PRIOR).abs().max() > 0.01


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("subset", SUBSETS, ids="+".join)
def test_what_is_hidden_cannot_change_the_answer(name: str, subset: tuple[str, ...]) -> None:
    fusion, whole = network(name), batch().keep(keep(subset))
    garbage = {m: torch.where(whole.mask[m].unsqueeze(-1), f, torch.full_like(f, 1e3)) for m, f in whole.features.items()}
    clean, dirty = fusion(whole), fusion(TokenBatch(garbage, whole.mask))
    assert torch.allclose(clean.logits.log_softmax(-1), dirty.logits.log_softmax(-1), atol=1e-5)
    assert torch.allclose(clean.per_modality, dirty.per_modality, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_every_modality_that_is_there_changes_the_answer(name: str) -> None:
    fusion, whole = network(name), batch()
    answer = fusion(whole).logits.softmax(-1)
    for modality in SHAPES:
        other = fusion(TokenBatch({**whole.features, modality: whole.features[modality] * -2 + 1}, whole.mask)).logits.softmax(-1)
        assert (answer - other).abs().max() > 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_a_case_without_any_modality_gets_the_prior(name: str) -> None:
    out = network(name)(batch().keep(torch.zeros(3, dtype=torch.bool)))
    assert torch.allclose(out.logits.softmax(-1), PRIOR.expand(6, 3), atol=1e-6)
    assert torch.allclose(out.per_modality.exp(), PRIOR.expand(6, 3, 3), atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_modality_alone_says_the_prior(name: str) -> None:
    out = network(name)(batch().keep(keep(("image", "note"))))
    assert torch.allclose(out.per_modality[:, 1].exp(), PRIOR.expand(6, 3), atol=1e-6)
    assert (out.per_modality[:, 0].exp() - PRIOR).abs().max() > 0.01


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_answered_alike_alone_and_beside_others(name: str) -> None:
    fusion, whole = network(name), batch()
    alone = torch.cat([fusion(whole.select(torch.tensor([row]))).logits for row in range(len(whole))])
    assert torch.allclose(fusion(whole).logits.log_softmax(-1), alone.log_softmax(-1), atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_patches_does_not_matter(name: str) -> None:
    fusion, whole = network(name), batch()
    order = torch.tensor([3, 0, 4, 2, 1])
    moved = TokenBatch(
        {**whole.features, "image": whole.features["image"][:, order]}, {**whole.mask, "image": whole.mask["image"][:, order]}
    )
    assert torch.allclose(fusion(whole).logits.log_softmax(-1), fusion(moved).logits.log_softmax(-1), atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_bfloat16_gives_finite_answers_near_those_of_float32(name: str) -> None:
    fusion, half = network(name), batch().keep(keep(("record",)))
    for given in (batch(), half):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = fusion(given).logits
        assert torch.isfinite(out).all()
        assert torch.allclose(out.float().softmax(-1), fusion(given).logits.softmax(-1), atol=0.08)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_finite_with_modalities_missing(name: str) -> None:
    fusion = network(name).train()
    presence = torch.tensor([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0]], dtype=torch.bool)
    fusion(batch().keep(presence)).logits.log_softmax(-1)[:, 0].sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in fusion.parameters() if p.grad is not None)


@pytest.mark.parametrize("name", NAMES)
def test_every_fusion_starts_as_the_product_of_its_experts(name: str) -> None:
    fusion = build_fusion(FusionSettings(name, dim=8, heads=2), SHAPES, PRIOR).eval()
    for layer in fusion.experts.linear.values():
        torch.nn.init.normal_(layer.weight)
    out = fusion(batch())
    product = PRIOR.log() + (out.per_modality - PRIOR.log()).sum(dim=1)
    assert torch.allclose(out.logits, product, atol=1e-5)


def test_weights_of_the_weighted_fusion_sum_to_one_over_those_present() -> None:
    fusion = network("weighted")
    for subset in SUBSETS:
        alpha = fusion(batch().keep(keep(subset))).weights
        there = keep(subset).float()
        assert torch.allclose((alpha * there).sum(-1), torch.ones(6), atol=1e-6)
        assert (alpha * (1 - there)).abs().max() == 0


def test_the_learned_graph_joins_each_node_to_its_nearest_and_leaves_missing_ones_out() -> None:
    fusion = network("graph")
    there = torch.tensor([[True] * 6 + [False] * 2])
    edges = fusion.adjacency(torch.randn(1, 8, 8, generator=torch.Generator().manual_seed(0)), there)[0]
    assert torch.allclose(edges[:6].sum(-1), torch.ones(6), atol=1e-6)
    assert edges[6:].abs().max() == 0 and edges[:, 6:].abs().max() == 0
    assert ((edges[:6] > 0).sum(-1) <= fusion.settings.neighbours + 1).all() and (edges.diagonal()[:6] > 0).all()


def test_static_weights_decide_where_the_gate_is_closed() -> None:
    fusion = build_fusion(FusionSettings("weighted", dim=8), SHAPES, PRIOR).eval()
    fusion.static_weights.copy_(torch.tensor([0.6, 0.3, 0.1]))
    assert torch.allclose(fusion(batch()).weights[0], torch.tensor([0.6, 0.3, 0.1]), atol=1e-6)
    assert torch.allclose(fusion(batch().keep(keep(("image", "record")))).weights[0], torch.tensor([2 / 3, 1 / 3, 0]), atol=1e-6)


def test_late_fusion_is_the_product_of_the_answers_over_the_prior() -> None:
    out = network("late")(batch())
    p = out.per_modality.exp()
    by_hand = p[:, 0] * p[:, 1] * p[:, 2] / PRIOR**2
    assert torch.allclose(out.logits.softmax(-1), by_hand / by_hand.sum(-1, keepdim=True), atol=1e-5)


def test_exponents_say_how_much_each_answer_counts() -> None:
    fusion = network("late")
    fusion.exponents.copy_(torch.tensor([0.5, 2.0, 1.0]))
    out = fusion(batch())
    p = out.per_modality.exp()
    by_hand = PRIOR * (p[:, 0] / PRIOR) ** 0.5 * (p[:, 1] / PRIOR) ** 2 * (p[:, 2] / PRIOR)
    assert torch.allclose(out.logits.softmax(-1), by_hand / by_hand.sum(-1, keepdim=True), atol=1e-5)


def test_a_record_expert_adds_up_its_fields_and_a_picture_expert_averages_its_patches() -> None:
    fusion = network("late")
    whole = batch()
    features, mask = whole.features["record"], whole.mask["record"]
    layer = fusion.experts.linear["record"]
    added = (features * mask.unsqueeze(-1)).sum(1) @ layer.weight.T + layer.bias
    assert torch.allclose(fusion(whole).per_modality[:, 1], added.log_softmax(-1), atol=1e-5)
    doubled = TokenBatch(
        {**whole.features, "image": whole.features["image"].repeat(1, 2, 1)}, {**whole.mask, "image": whole.mask["image"].repeat(1, 2)}
    )
    assert torch.allclose(fusion(doubled).per_modality[:, 0], fusion(whole).per_modality[:, 0], atol=1e-5)


def test_an_ensemble_averages_the_log_probabilities_of_its_members() -> None:
    members = [network("weighted", seed) for seed in range(3)]
    out = Ensemble(members).eval()(batch())
    mean = sum(member(batch()).logits.log_softmax(-1) for member in members) / 3
    assert torch.allclose(out.logits, mean, atol=1e-5)
    assert torch.allclose(out.weights, sum(member(batch()).weights for member in members) / 3, atol=1e-6)
    assert Ensemble([network("late")])(batch()).weights is None


def test_standardising_makes_pictures_alike_and_leaves_records_as_they_are() -> None:
    fusion = build_fusion(FusionSettings("late"), SHAPES, PRIOR)
    given = batch(200)
    given.features["image"].mul_(7).add_(3)
    fusion.standardise.fit(given)
    pooled = pool(given.features["image"], given.mask["image"])
    scaled = (pooled - fusion.standardise.mean("image")) * fusion.standardise.scale("image")
    assert scaled.mean(0).abs().max() < 1e-4
    assert (scaled.std(0) - 1).abs().max() < 1e-3
    assert torch.equal(fusion.standardise.mean("record"), torch.zeros(9))
    assert torch.equal(fusion.standardise.scale("record"), torch.ones(9))


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_in_another_unit_gives_the_same_answer_once_standardised(name: str) -> None:
    fusion, given = network(name), batch(40)
    fusion.standardise.fit(given)
    answer = fusion(given).logits.log_softmax(-1)
    other = TokenBatch({**given.features, "image": given.features["image"] * 50 - 7}, given.mask)
    fusion.standardise.fit(other)
    assert torch.allclose(fusion(other).logits.log_softmax(-1), answer, atol=1e-3)


def test_an_unknown_fusion_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="attention"):
        build_fusion(FusionSettings("atention"), SHAPES, PRIOR)
    with pytest.raises(ConfigError, match="late, concat"):
        build_fusion(FusionSettings("xyz"), SHAPES, PRIOR)


@pytest.mark.parametrize("name", NAMES)
def test_one_modality_is_enough_for_a_model(name: str) -> None:
    shapes = {"image": TokenShape(2, 4)}
    assert torch.isfinite(network(name, shapes=shapes)(batch(shapes=shapes)).logits).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("filled", [0.2, 0.95])
def test_leaving_the_padding_out_changes_no_answer(name: str, filled: float) -> None:
    shapes = {**SHAPES, "note": TokenShape(40, 7)}
    fusion, given = network(name, shapes=shapes), batch(13, shapes=shapes)
    given.mask["note"][:] = torch.rand(13, 40, generator=torch.Generator().manual_seed(2)) < filled
    given.mask["note"][0] = False
    given.mask["note"][1] = True
    whole, apart = fusion(given), packed.forward(fusion, given, torch.device("cpu"))
    assert torch.allclose(whole.logits.log_softmax(-1), apart.logits.log_softmax(-1), atol=1e-5)
    assert torch.allclose(whole.per_modality, apart.per_modality, atol=1e-5)
    assert (whole.weights is None) == (apart.weights is None)


def test_packed_cases_keep_exactly_the_tokens_that_are_there() -> None:
    given = TokenBatch(
        {"note": torch.arange(20.0).reshape(2, 10, 1)}, {"note": torch.tensor([[0, 1, 0, 1, 0, 0, 0, 0, 0, 1], [0] * 10], dtype=torch.bool)}
    )
    found = given.packed()
    assert found.features["note"].shape == (2, 3, 1) and found.mask["note"].tolist() == [[True] * 3, [False] * 3]
    assert found.features["note"][0, :, 0].tolist() == [1.0, 3.0, 9.0]


def test_a_token_looks_at_those_of_other_modalities_that_are_there_alone() -> None:
    fusion, given = network("attention"), batch()
    given.mask["note"][0] = False
    looks = fusion.looks(given)
    owner, there = torch.tensor([0] * 5 + [1] * 4 + [2] * 3), torch.cat(list(given.mask.values()), dim=1)
    allowed = (owner[:, None] != owner[None, :]) & there[:, :, None] & there[:, None, :]
    assert looks.shape == (6, 12, 12) and looks[~allowed].abs().max() == 0
    assert torch.allclose(looks.sum(-1)[allowed.any(-1)], torch.ones(int(allowed.any(-1).sum())), atol=1e-5)
    given.features["image"][:, 0] += 3
    assert (looks - fusion.looks(given)).abs().max() > 1e-3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "atention"}, "Did you mean 'attention'"),
        ({"dim": 30}, "dim 30 cannot be shared out among 4 heads"),
        ({"dim": 0}, "dim 0 is below 1"),
        ({"heads": 0}, "heads 0 is below 1"),
        ({"members": 0}, "members 0 is below 1"),
        ({"dropout": 1.0}, "dropout 1 is no probability"),
    ],
)
def test_sizes_that_no_network_can_have_are_one_clear_error(wrong: dict[str, object], said: str) -> None:
    check_settings(FusionSettings(), "model.toml [fusion]")
    with pytest.raises(ConfigError, match=said):
        check_settings(FusionSettings(**wrong), "model.toml [fusion]")  # type: ignore[arg-type]
