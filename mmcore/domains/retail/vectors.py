"""The vectors of the two towers for one catalogue: of its products, of the same as somebody's past, and of shoppers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import torch

from mmcore.domains.retail.features import Features
from mmcore.domains.retail.told import Told
from mmcore.domains.retail.towers import Towers


class Vectors:
    """Those of a subset of image and text are computed when first asked for."""

    def __init__(self, towers: Towers, features: Features, device: torch.device) -> None:
        self.towers, self.features, self.device = towers, features, device
        self._has = features.has
        self._products: dict[tuple[bool, bool], tuple[torch.Tensor, torch.Tensor]] = {}
        self._lock = threading.RLock()

    def products(self, image: bool, text: bool) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, D) of the product side and of the past side, with these modalities."""
        with self._lock:
            if (image, text) not in self._products:
                self._products[image, text] = self.encode(self.features, self._has & np.array([image, text]))
            return self._products[image, text]

    @torch.inference_mode()
    def encode(self, features: Features, there: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Content to (K, D) vectors of the product side and of the past side."""
        tensors = [torch.from_numpy(np.ascontiguousarray(part)).to(self.device) for part in (features.image, features.text, there)]
        return self.towers.products(*tensors), self.towers.past(*tensors)

    @torch.inference_mode()
    def shoppers(self, told: Sequence[Told], image: bool, text: bool) -> torch.Tensor:
        """(B, D) of unit length; zeros for a shopper of whom these modalities say nothing."""
        _, past = self.products(image, text)
        asked = [self._asked(one, text) for one in told]
        longest = max(1, max(len(one.rows) + len(extra) for one, extra in zip(told, asked, strict=True)))
        tokens = torch.zeros(len(told), longest, past.shape[1], device=self.device)
        mask, age = torch.zeros(len(told), longest, dtype=torch.bool), torch.zeros(len(told), longest, dtype=torch.long)
        for at, (one, extra) in enumerate(zip(told, asked, strict=True)):
            count = len(one.rows)
            tokens[at, :count] = past[list(one.rows)]
            tokens[at, count : count + len(extra)] = extra
            mask[at, : count + len(extra)] = True
            age[at, :count] = torch.tensor(one.ages[:count] or [1] * count, dtype=torch.long)
            age[at, count : count + len(extra)] = 1
        vectors = self.towers.shoppers(tokens, mask.to(self.device), age.to(self.device))
        return vectors * mask.any(dim=1, keepdim=True).to(self.device)

    def _asked(self, one: Told, text: bool) -> torch.Tensor:
        """(K, D): wanted wishes, by words alone."""
        wishes = one.wish[one.weights > 0] if one.wish is not None and one.weights is not None and text else ()
        if not len(wishes):
            return torch.zeros(0, self.towers.settings.dim, device=self.device)
        nothing = np.zeros((len(wishes), self.features.image.shape[1]), np.float32)
        asked = Features(nothing, nothing, np.asarray(wishes, np.float32))
        return self.encode(asked, asked.has)[1]
