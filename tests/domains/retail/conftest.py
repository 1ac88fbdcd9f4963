"""A small generated shop and a model trained on it, once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmcore.domains.retail import RetailModel, Shop, load, week
from mmcore.domains.retail.features import silent
from mmcore.domains.retail.trainer import train
from tests.generated_shop import write_shop
from tests.project.tree import REPO

SMALL = {"epochs = 6": "epochs = 4", "dim = 96": "dim = 16", "hidden = 256": "hidden = 32"}


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("shop") / "data")


@pytest.fixture(scope="session")
def model_folder(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("retail") / "source"
    source.mkdir()
    text = (REPO / "mmcore" / "models" / "fashion" / "model.toml").read_text(encoding="utf-8")
    for old, new in SMALL.items():
        assert old in text
        text = text.replace(old, new)
    (source / "model.toml").write_text(text, encoding="utf-8")
    out = source.parent / "model"
    train(source, shop_folder, out, seed=0, device=torch.device("cpu"), command="", step=silent)
    return out


@pytest.fixture(scope="session")
def model(model_folder: Path) -> RetailModel:
    return load(str(model_folder))


@pytest.fixture(scope="session")
def shop(model: RetailModel, shop_folder: Path) -> Shop:
    table = week.read_interactions(shop_folder / week.INTERACTIONS)
    catalogue = week.read_catalogue(shop_folder, table)
    return model.open(catalogue, week.as_purchases(table, catalogue))
