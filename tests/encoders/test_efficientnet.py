from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from mmcore.case import Picture
from mmcore.encoders import efficientnet
from mmcore.encoders.card import checked_bytes
from mmcore.encoders.efficientnet import (
    XRAY_BLOCKS,
    XRAY_WIDTH,
    PictureEncoder,
    build_net,
    imagenet_card,
    imagenet_state,
    patch_boxes,
    resize,
    scale,
    xray_card,
)
from mmcore.errors import ModelError

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def encoder() -> PictureEncoder:
    return PictureEncoder(imagenet_card(), imagenet_state(), CPU)


@pytest.fixture(scope="module")
def half() -> PictureEncoder:
    return PictureEncoder(xray_card(), imagenet_state(), CPU, blocks=XRAY_BLOCKS)


def photo(width: int, height: int, seed: int = 0) -> Picture:
    """A smooth picture with a dark spot."""
    y, x = np.mgrid[:height, :width]
    spot = np.hypot(x - width * 0.4, y - height * 0.6) < min(width, height) / 4
    pixels = np.where(spot[..., None], [90, 50, 40], [210, 170, 150]) + np.random.default_rng(seed).normal(0, 6, (height, width, 3))
    return Picture(pixels.clip(0, 255).astype(np.uint8), "PNG", "")


def test_the_network_is_built_with_the_first_picture_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []
    monkeypatch.setattr(efficientnet, "build_net", lambda state: built.append(1) or build_net(state))
    encoder = PictureEncoder(imagenet_card(), imagenet_state(), CPU, blocks=1)
    assert not encoder.absent().present and not built
    with torch.inference_mode():  # whoever asks first
        encoder.features([photo(64, 64).pixels])
    encoder.warm()
    assert built == [1]


def test_openvino_agrees_with_torch(encoder: PictureEncoder) -> None:
    pixels = np.stack([encoder.prepare(photo(300, 200, seed)) for seed in range(2)])
    with torch.inference_mode():
        expected = encoder.grid(torch.from_numpy(pixels))
    found = encoder.features_of_input(pixels)
    assert found.shape == (2, 49, 1280)
    assert torch.allclose(found, expected, atol=2e-3)
    assert (found - expected).abs().mean() < 1e-4


def test_the_first_blocks_alone_give_what_they_pass_on_averaged_within_each_patch(half: PictureEncoder) -> None:
    pixels = np.stack([half.prepare(photo(300, 200, seed)) for seed in range(2)])
    passed: list[torch.Tensor] = []
    net = build_net(imagenet_state()).eval()
    net._blocks[XRAY_BLOCKS - 1].register_forward_hook(lambda module, given, out: passed.append(out))
    with torch.inference_mode():
        net.extract_features(torch.from_numpy(pixels))
    by_hand = passed[0].unflatten(3, (7, 2)).unflatten(2, (7, 2)).mean(dim=(3, 5)).flatten(2).transpose(1, 2)
    found = half.features_of_input(pixels)
    assert found.shape == (2, 49, XRAY_WIDTH) and torch.allclose(found, by_hand, atol=2e-3)
    assert half.absent().features.shape == half.tokens(photo(64, 64)).features.shape == (49, XRAY_WIDTH)


@pytest.mark.parametrize("name", ["encoder", "half"])
@pytest.mark.parametrize(("row", "column"), [(1, 5), (5, 1), (1, 1), (5, 5)])
def test_a_patch_token_stands_for_its_own_part_of_the_picture(name: str, row: int, column: int, request: pytest.FixtureRequest) -> None:
    encoder = request.getfixturevalue(name)
    pictures = np.zeros((2, 3, 224, 224), dtype=np.float32)
    pictures[1, :, row * 32 - 16 : row * 32 + 48, column * 32 - 16 : column * 32 + 48] = 1.5
    features = encoder.features_of_input(pictures)
    weight = (features[1] - features[0]).norm(dim=1).numpy() ** 2
    rows, columns = np.divmod(np.arange(49), 7)
    assert (np.average(rows, weights=weight) < 3) == (row < 3)
    assert (np.average(columns, weights=weight) < 3) == (column < 3)


def test_a_picture_gives_the_same_tokens_alone_and_in_any_batch(encoder: PictureEncoder) -> None:
    pictures = [photo(64, 64, seed).pixels for seed in range(18)]
    together = encoder.features(pictures)
    assert torch.allclose(together[17], encoder.features(pictures[17:])[0], atol=1e-4)


def test_tokens_carry_boxes_in_the_pictures_own_pixels(encoder: PictureEncoder) -> None:
    tokens = encoder.tokens(photo(301, 187))
    assert tokens.present and tokens.mask.all() and tokens.features.shape == (49, 1280)
    assert [where["box"] for where in tokens.where] == patch_boxes((301, 187)).tolist()
    assert not encoder.absent().present


@pytest.mark.parametrize("size", [(224, 224), (301, 187), (7, 7), (4000, 3001)])
def test_boxes_tile_the_picture(size: tuple[int, int]) -> None:
    covered = np.zeros((size[1], size[0]), dtype=np.uint8)
    for x, y, w, h in patch_boxes(size):
        covered[y : y + h, x : x + w] += 1
    assert (covered == 1).all()
    assert [box[0] for box in patch_boxes(size)[:7]] == sorted(box[0] for box in patch_boxes(size)[:7])


@pytest.mark.parametrize("size", [(500, 200), (30, 90), (1, 1)])
def test_the_whole_picture_is_seen_at_any_size(size: tuple[int, int]) -> None:
    pixels = resize(np.full((size[1], size[0], 3), 99, dtype=np.uint8))
    assert pixels.shape == (224, 224, 3) and (pixels == 99).all()


def test_pixels_are_scaled_as_the_weights_expect() -> None:
    scaled = scale(np.array([[[0, 127, 255]]], dtype=np.uint8))
    assert scaled[:, 0, 0].tolist() == pytest.approx([-127 / 128, 0, 1])


def test_weights_that_are_not_the_ones_recorded_are_refused(tmp_path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"something else")
    with pytest.raises(ModelError, match="not the ones expected"):
        checked_bytes(path, "0" * 64)
    with pytest.raises(ModelError, match="cannot be read"):
        checked_bytes(tmp_path / "nothing.bin", "0" * 64)


def test_rows_of_boxes_touch() -> None:
    boxes = patch_boxes((100, 50))[:7]
    assert all(left[0] + left[2] == right[0] for left, right in pairwise(boxes))
