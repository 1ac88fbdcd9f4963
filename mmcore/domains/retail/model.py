"""The ranking model in memory, for every user of the process; `open` makes a shop of it and a catalogue."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from mmcore import device as devices
from mmcore import model_folder
from mmcore.domains.retail.catalogue import EMPTY_PURCHASES, Catalogue, Purchases
from mmcore.domains.retail.chances import load_chances
from mmcore.domains.retail.encoding import Encoders
from mmcore.domains.retail.features import Raw, Step, silent
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.shop import Shop
from mmcore.domains.retail.weights import load_towers
from mmcore.in_memory import InMemory
from mmcore.model_spec import ModelSpec, read_spec
from mmcore.settings import parse


class RetailModel:
    """Towers, calibration and encoders of one model folder. Encoders are loaded when first needed."""

    def __init__(self, folder: Path, device: torch.device | None = None) -> None:
        self.folder = folder
        self.device = device or devices.pick()
        self.spec: ModelSpec = read_spec(folder)
        model_folder.check_seal(folder)
        self.settings = parse(RankingSettings, self.spec.settings, "model.toml.settings")
        self.version = model_folder.version(folder, self.spec)
        self.towers, self.projection = load_towers(folder, self.device)
        with model_folder.readable(folder / model_folder.CONFIDENCE):
            self.chances = load_chances((folder / model_folder.CONFIDENCE).read_bytes())

    @property
    def card(self) -> str:
        """card.md, "" where there is none."""
        path = self.folder / model_folder.CARD
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @cached_property
    def figures(self) -> dict[str, Any]:
        """What `compare` measured; {} where it has not run."""
        return model_folder.read_json(self.folder, model_folder.FIGURES)

    @cached_property
    def encoders(self) -> Encoders:
        return Encoders(self.device)

    def open(
        self, catalogue: Catalogue, purchases: Purchases = EMPTY_PURCHASES, *, raw: Raw | None = None, step: Step = silent,
        cache: Path | None = None,
    ) -> Shop:  # fmt: skip
        """A shop: the catalogue embedded (minutes for thousands of products) and ready to be ranked.

        Args:
            raw: features kept from an earlier call with the same catalogue.
            step: called with (stage, done, total); what it raises ends the work.
            cache: folder where features are kept by content hash; the next call, also after a stop, goes on from them.
        """
        raw = self.encoders.embed(catalogue, step, cache) if raw is None else raw
        ranker = Ranker(self.towers, self.projection.features(raw), purchases, self.settings, self.device)
        return Shop(self, catalogue, purchases, ranker, raw)


load = InMemory(RetailModel)
"""The model by name or folder; see `InMemory`."""
