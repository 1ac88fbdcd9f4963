from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mmcore.fusion import FusionOutput
from mmcore.training.loss import class_weights, classification_loss, total_loss
from mmcore.training.settings import TrainingSettings

PLAIN = TrainingSettings(auxiliary=0.5)
EVEN = torch.ones(3)


def test_class_weights_go_from_none_to_balance() -> None:
    labels = np.array([0] * 80 + [1] * 20)
    assert class_weights(labels, 2, 0.0).tolist() == pytest.approx([1, 1])
    balanced = class_weights(labels, 2, 1.0)
    assert balanced[0] * 80 == pytest.approx(float(balanced[1] * 20))
    assert float(class_weights(labels, 2, 0.5)[1] / class_weights(labels, 2, 0.5)[0]) == pytest.approx(2)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_class_weights_have_mean_one_over_the_cases_and_none_for_a_class_without_any(power: float) -> None:
    labels = np.array([0] * 70 + [2] * 30)
    weights = class_weights(labels, 3, power).numpy()
    assert weights[labels].mean() == pytest.approx(1) and weights[1] == 0 and np.isfinite(weights).all()


def test_focal_loss_lowers_the_weight_of_easy_cases() -> None:
    easy, hard, target = torch.tensor([[5.0, 0, 0]]), torch.tensor([[0.0, 1, 0]]), torch.tensor([0])
    plain = [classification_loss(logits, target, EVEN, PLAIN) for logits in (easy, hard)]
    focal = [classification_loss(logits, target, EVEN, replace(PLAIN, focal_gamma=2.0)) for logits in (easy, hard)]
    assert focal[0] / plain[0] < 0.01 and focal[1] / plain[1] > 0.5
    sure = float(hard.softmax(-1)[0, 0])
    assert float(focal[1] / plain[1]) == pytest.approx((1 - sure) ** 2, rel=1e-4)


def test_the_total_counts_each_modality_only_where_it_is_there() -> None:
    target = torch.tensor([0, 1])
    per_modality = torch.randn(2, 2, 3, generator=torch.Generator().manual_seed(0))
    output = FusionOutput(torch.zeros(2, 3), per_modality)
    presence = torch.tensor([[True, False], [True, False]])
    expected = np.log(3) + 0.5 * float(classification_loss(per_modality[:, 0], target, EVEN, PLAIN))
    assert float(total_loss(output, presence, target, EVEN, PLAIN)) == pytest.approx(expected, rel=1e-5)
    only = torch.tensor([[True, True], [True, False]])
    assert float(total_loss(output, only, target, EVEN, PLAIN)) == pytest.approx(
        expected + 0.5 * float(classification_loss(per_modality[:1, 1], target[:1], EVEN, PLAIN)), rel=1e-5
    )
