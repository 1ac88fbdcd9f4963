"""On a GPU no tensor is left on the CPU: checked on every machine with tensors that have a device and a shape but no data."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.func import functional_call

from mmcore.encoders.efficientnet import PatchGrid, build_net, imagenet_state
from mmcore.fusion import Ensemble
from mmcore.tokens import TokenBatch
from tests.fusion.batches import NAMES, PRIOR, batch, network

CUDA = torch.device("cuda", 0)


def on_gpu(mode: FakeTensorMode, tensor: torch.Tensor) -> torch.Tensor:
    """A tensor that is on a GPU by name."""
    return FakeTensor(mode, torch.empty_like(tensor, device="meta"), CUDA)


def run(module: nn.Module, given: TokenBatch | torch.Tensor) -> object:
    """What ``module`` gives with all its state and all of ``given`` on a GPU; raises where anything else is mixed in."""
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    state = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    moved = {name: on_gpu(mode, tensor) for name, tensor in state.items()}
    if isinstance(given, TokenBatch):
        features, mask = ({m: on_gpu(mode, t) for m, t in part.items()} for part in (given.features, given.mask))
        given = TokenBatch(features, mask)
    else:
        given = on_gpu(mode, given)
    with mode, torch.no_grad():
        return functional_call(module, moved, (given,))


@pytest.fixture(autouse=True)
def invert_without_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """``~`` alone asks the driver for its device before it is dispatched, and a wheel without CUDA has none."""
    monkeypatch.setattr(torch.Tensor, "__invert__", lambda tensor: torch.ops.aten.bitwise_not.default(tensor))


class LeavesOneBehind(nn.Module):
    """Uses a tensor that is no buffer and so stays where it was made."""

    def __init__(self, fusion: nn.Module) -> None:
        super().__init__()
        self.fusion = fusion
        self.prior = PRIOR.clone()  # no buffer

    def forward(self, given: TokenBatch) -> torch.Tensor:
        return self.fusion(given).logits + self.prior


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("training", [False, True])
def test_no_tensor_of_a_fusion_is_left_on_the_cpu(name: str, training: bool) -> None:
    out = run(Ensemble([network(name), network(name)]).train(training), batch())
    assert out.logits.device == out.per_modality.device == CUDA
    assert out.logits.shape == (6, 3)


@pytest.mark.parametrize("name", NAMES)
def test_a_tensor_left_behind_is_found(name: str) -> None:
    with pytest.raises(RuntimeError, match="cuda:0"):
        run(LeavesOneBehind(network(name)), batch())


def test_no_tensor_of_the_picture_network_is_left_on_the_cpu() -> None:
    out = run(PatchGrid(build_net(imagenet_state())).eval(), torch.zeros(2, 3, 224, 224))
    assert out.device == CUDA
    assert out.shape == (2, 49, 1280)
