"""The generated catalogue is what its script makes, can be told apart, and says that it is generated."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.settings import read_toml

REPO = Path(__file__).resolve().parents[2]
RETAIL = REPO / "sample_data" / "retail"
STORIES = {"one_taste", "two_tastes", "gift", "cold_start"}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(REPO / "sample_data"))
    return importlib.import_module("make_retail")


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return pd.read_parquet(RETAIL / "items.parquet")


def test_the_script_makes_the_same_tables_and_pictures(script: ModuleType, items: pd.DataFrame, tmp_path: Path) -> None:
    few = items["item_id"].tolist()[::60]
    script.write(tmp_path, few)
    for name in ("items.parquet", "interactions.parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / name), pd.read_parquet(RETAIL / name))
    assert (tmp_path / "shoppers.toml").read_bytes() == (RETAIL / "shoppers.toml").read_bytes()
    for item in few:
        kept, new = (np.asarray(Image.open(folder / "images" / f"{item}.jpg"), float) for folder in (RETAIL, tmp_path))
        assert np.abs(kept - new).mean() < 0.5


def test_there_are_at_least_300_products_each_with_its_picture(items: pd.DataFrame) -> None:
    assert len(items) >= 300 and items["item_id"].is_unique
    assert {path.name for path in (RETAIL / "images").iterdir()} == {Path(name).name for name in items["image"]}
    assert sum(path.stat().st_size for path in RETAIL.rglob("*") if path.is_file()) < 4_000_000


def test_no_two_pictures_are_alike(items: pd.DataFrame) -> None:
    small = np.stack([np.asarray(Image.open(RETAIL / name).resize((24, 24)), np.float32).ravel() for name in items["image"]])
    apart = np.abs(small[:, None] - small[None]).mean(axis=2) + 255 * np.eye(len(small))
    assert apart.min() > 0.5


def test_everything_says_that_it_is_generated(items: pd.DataFrame) -> None:
    assert items["detail_desc"].str.contains("Generated").all()
    assert all(shopper["generated"] is True for shopper in read_toml(RETAIL / "shoppers.toml").values())


def test_every_story_is_there_and_bought_what_is_in_the_catalogue(items: pd.DataFrame) -> None:
    shoppers = read_toml(RETAIL / "shoppers.toml")
    assert set(shoppers) >= STORIES and not shoppers["cold_start"]["items"]
    known = items.set_index("item_id")
    for shopper in shoppers.values():
        assert set(shopper["items"]) <= set(known.index)
    stripes = known.loc[shoppers["one_taste"]["items"]]
    assert set(stripes["graphical_appearance_name"]) == {"Stripe"} and stripes["colour_group_name"].str.contains("Blue").all()
    bought = pd.read_parquet(RETAIL / "interactions.parquet")
    assert set(bought["item_id"]) <= set(known.index)
