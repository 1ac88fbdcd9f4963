from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore.errors import ConfigError
from mmcore.fusion import FUSIONS
from mmcore.training.crossfit import score_subsets
from mmcore.training.fit import fit, parameter_groups, warmup_cosine, weighted_prior
from mmcore.training.settings import TrainingSettings
from tests.training.sets import CPU, LATE, QUICK, encoded


class Killed(Exception):
    """Stands for the end of the process."""


def weights(network: torch.nn.Module) -> torch.Tensor:
    return torch.cat([value.flatten() for value in network.state_dict().values() if value.is_floating_point()])


def test_the_learning_rate_rises_to_one_and_falls_to_zero() -> None:
    factors = [warmup_cosine(step, 100, 0.1) for step in range(101)]
    assert factors[:10] == pytest.approx([k / 10 for k in range(1, 11)])
    assert factors[10] == pytest.approx(1) and factors[55] == pytest.approx(0.5) and factors[100] == pytest.approx(0)
    assert all(late <= early + 1e-12 for early, late in pairwise(factors[10:]))
    assert max(factors) == 1 and warmup_cosine(0, 1, 0.1) > 0 and warmup_cosine(10**6, 100, 0.1) == pytest.approx(0)


@pytest.mark.parametrize("name", FUSIONS)
def test_every_fusion_learns_what_there_is_to_learn(name: str) -> None:
    settings = replace(QUICK, epochs=15, learning_rate=0.02, deep_rate=0.005)
    network, curve = fit(encoded(120), None, 3, replace(LATE, name=name), settings, 0, CPU)
    held = encoded(90, seed=9)
    right = {s: float((p.argmax(1) == held.labels).mean()) for s, p in score_subsets(network, held).items()}
    assert min(right.values()) > 0.6 and right["image+record"] > 0.75
    assert curve[-1]["train"] < curve[0]["train"] and len(curve) == 15
    assert not network.training


@pytest.mark.parametrize("name", FUSIONS)
def test_the_same_seed_gives_the_same_weights_and_another_gives_others(name: str) -> None:
    one, same, other = (weights(fit(encoded(), None, 3, replace(LATE, name=name), QUICK, seed, CPU)[0]) for seed in (4, 4, 5))
    assert torch.equal(one, same) and not torch.equal(one, other)


@pytest.mark.parametrize("name", FUSIONS)
def test_a_run_that_was_killed_ends_with_the_weights_of_one_that_was_not(name: str, tmp_path: Path) -> None:
    train, held, settings = encoded(), encoded(30, seed=3), replace(QUICK, epochs=5)
    fusion, path = replace(LATE, name=name), tmp_path / "run.ckpt"

    def kill(epoch: int, loss: float, validation: float) -> None:
        if epoch == 2:
            raise Killed

    whole, curve = fit(train, held, 3, fusion, settings, 1, CPU)
    with pytest.raises(Killed):
        fit(train, held, 3, fusion, settings, 1, CPU, checkpoint=path, on_epoch=kill)
    torch.rand(7)  # another process would not have this state either
    seen: list[int] = []
    again, curve_again = fit(train, held, 3, fusion, settings, 1, CPU, checkpoint=path, on_epoch=lambda e, a, b: seen.append(e))
    assert seen == [3, 4, 5]
    assert torch.equal(weights(whole), weights(again)) and curve == curve_again


def test_training_stops_when_held_out_cases_no_longer_gain_and_keeps_the_best_state() -> None:
    wrong = encoded(30, seed=3)
    wrong = replace(wrong, labels=(wrong.labels + 1) % 3)  # what is learned makes these worse from the first epoch
    seen: list[float] = []
    settings = replace(QUICK, epochs=30, patience=3, learning_rate=0.05)
    network, curve = fit(encoded(), wrong, 3, LATE, settings, 0, CPU, on_epoch=lambda e, a, b: seen.append(b))
    best = int(np.argmin(seen)) + 1
    assert len(curve) == best + 3 < 30
    patient, _ = fit(encoded(), wrong, 3, LATE, replace(settings, patience=100), 0, CPU)
    last, _ = fit(encoded(), None, 3, LATE, settings, 0, CPU)
    assert torch.equal(weights(network), weights(patient)) and not torch.equal(weights(network), weights(last))


def test_accumulated_steps_equal_one_of_the_larger_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    # Adam forgets the size of a gradient, so that is compared on its own.
    clip, norms = torch.nn.utils.clip_grad_norm_, []
    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", lambda p, most: norms.append(float(clip(p, most))))
    exact = replace(QUICK, epochs=2, modality_dropout=0.0, token_dropout=0.0, stop_share=0.0)
    train = encoded(64)
    train.mask["record"][:] = True  # nothing to fill at random
    first_view = replace(train, features={"image": train.features["image"][:, :1], "record": train.features["record"]})
    still = replace(LATE, dropout=0.0)
    whole, _ = fit(first_view, None, 3, still, replace(exact, batch=32), 0, CPU)
    parts, _ = fit(first_view, None, 3, still, replace(exact, batch=8, accumulate=4), 0, CPU)
    other, _ = fit(first_view, None, 3, still, replace(exact, batch=8), 0, CPU)
    assert norms[:4] == pytest.approx(norms[4:8], rel=1e-3) and len(norms) == 4 + 4 + 16
    assert torch.allclose(weights(whole), weights(parts), atol=1e-4)
    assert not torch.allclose(weights(whole), weights(other), atol=1e-3)


@pytest.mark.parametrize("name", FUSIONS)
def test_every_parameter_is_trained_once(name: str) -> None:
    network, _ = fit(encoded(30), None, 3, replace(LATE, name=name), replace(QUICK, epochs=1), 0, CPU)
    listed = [id(p) for group in parameter_groups(network, QUICK) for p in group["params"]]
    assert sorted(listed) == sorted(id(p) for p in network.parameters())


def test_class_weights_shift_the_prior_that_a_network_starts_from() -> None:
    prior = np.array([0.8, 0.2])
    assert weighted_prior(prior, 0.0) == pytest.approx(prior)
    assert weighted_prior(prior, 1.0) == pytest.approx([0.5, 0.5])
    assert weighted_prior(prior, 0.5) == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.parametrize("bad", [{"folds": 1}, {"views": 9}, {"epochs": 0}, {"batch": 1}, {"stop_share": 0.6}, {"freeze": "half"}])
def test_settings_that_make_no_sense_are_refused(bad: dict) -> None:
    with pytest.raises(ConfigError):
        TrainingSettings(**bad)


def test_losses_are_numbers() -> None:
    _, curve = fit(encoded(), encoded(30, seed=2), 3, LATE, QUICK, 0, CPU)
    assert [row["epoch"] for row in curve] == [1, 2, 3, 4]
    assert all(math.isfinite(row["train"]) and math.isfinite(row["validation"]) for row in curve)
