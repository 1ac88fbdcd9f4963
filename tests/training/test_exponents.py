from __future__ import annotations

import numpy as np
import pytest

from mmcore.confidence.calibration import log_softmax
from mmcore.training.exponents import fit_exponents, raise_to

PRIOR = np.log(np.array([0.5, 0.3, 0.2]))


def experts(sureness: tuple[float, ...], n: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """(N, M, C) log posteriors of independent experts and labels; an expert of sureness s states s times the evidence it has."""
    rng = np.random.default_rng(0)
    labels = rng.choice(3, n, p=np.exp(PRIOR))
    heard = [rng.normal(1.5 * np.eye(3)[labels], 1.0) for _ in sureness]
    evidence = [1.5 * values for values in heard]  # log likelihood ratios of unit normals 1.5 apart, up to a constant
    return np.stack([log_softmax(PRIOR + s * values) for s, values in zip(sureness, evidence, strict=True)], axis=1), labels


def test_an_expert_that_is_twice_as_sure_as_it_may_be_counts_half() -> None:
    single, labels = experts((2.0, 1.0, 0.5))
    found = fit_exponents(single, np.tile(PRIOR, (len(labels), 1)), labels)
    assert found == pytest.approx([0.5, 1.0, 2.0], rel=0.12)


def test_few_cases_leave_them_near_one() -> None:
    single, labels = experts((2.0, 1.0), n=8)
    assert np.abs(np.log(fit_exponents(single, np.tile(PRIOR, (8, 1)), labels))).max() < 1.5


def test_a_subset_is_the_product_of_its_members_alone() -> None:
    single, _ = experts((1.0, 1.0), n=5)
    prior = np.tile(PRIOR, (5, 1))
    both = raise_to(single, prior, np.array([0.5, 2.0]), ("a", "b"), "a+b")
    by_hand = prior + 0.5 * (single[:, 0] - prior) + 2.0 * (single[:, 1] - prior)
    assert both == pytest.approx(log_softmax(by_hand))
    assert raise_to(single, prior, np.array([1.0, 2.0]), ("a", "b"), "a") == pytest.approx(single[:, 0])
