"""``compare`` by its other protocols, each on the small generated shop."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from mmcore.__main__ import main
from mmcore.domains.retail import RetailModel, Shop
from mmcore.domains.retail.card import card
from mmcore.domains.retail.cold import LOST, _lost, _popularity
from mmcore.domains.retail.features import silent
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.scale import grow, scale
from mmcore.model_spec import read_spec


def test_cold_reports_what_hidden_garments_reach_and_what_they_cost(model_folder: Path, shop_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "cold.json"
    arguments = ["compare", str(model_folder), "--data", str(shop_folder), "--seeds", "1", "--protocol", "cold", "--json", str(out)]
    assert main(arguments) == 0
    found = json.loads(out.read_text())
    starts = [one["start"] for one in found["more"]]
    assert set(found["cold"]) == set(found["cold_ci"]) and starts == sorted(starts)
    assert 0 <= found["cold"]["in the full catalogue"] <= found["cold"]["among themselves, model"] <= 1
    assert found["more"][0]["full"] <= found["more"][-1]["full"]
    for one in (found, found["one_by_one"]):
        reached, lost = [kept["full"] for kept in one["places"]], [kept["lost"] for kept in one["places"]]
        assert reached == sorted(reached) and reached[-1] <= one["cold"]["among themselves, model"]
        assert lost == sorted(lost) and lost[0] < lost[-1]
    text = card(read_spec(model_folder), {}, {"cold": found}, "")
    assert "A new garment" in text and "A new product" in text and "| 8 |" in text
    assert f"| {LOST} | {100 * found['cold'][LOST]:.1f} % (" in text


def test_known_popularity_is_what_all_purchases_say_and_foretold_where_nobody_bought(shop: Shop) -> None:
    best = int(np.argmax(shop.ranker.popularity))
    seen = shop.purchases.select(shop.purchases.rows != best)
    ranker = Ranker(shop.model.towers, shop.ranker.features, seen, shop.model.settings, shop.model.device)
    said, known = _popularity(ranker, shop.purchases)
    assert np.flatnonzero(said).tolist() == [best] and said[best] == ranker.foretold(True, True).popularity[0]
    assert known[best] == known.max() > said[best]


def test_what_is_lost_is_a_ratio_of_means_with_its_interval() -> None:
    lost, (low, high) = _lost(np.array([0.5, 0.4, np.nan, 0.9]), np.array([1.0, 0.8, 0.3, 0.6]))
    assert lost == pytest.approx(1 - 1.8 / 2.4) and low < lost < high


def test_photos_are_matched_to_products_of_their_kind(model_folder: Path, shop_folder: Path, tmp_path: Path, capsys) -> None:
    data, photos = tmp_path / "shop", tmp_path / "retail_clothing_photos"
    shutil.copytree(shop_folder, data)
    (photos / "images").mkdir(parents=True)
    items = pd.read_parquet(data / "items.parquet")
    rows = [("gone.jpg", "shirt")]
    for kind, label in (("Shirt", "shirt"), ("Dress", "dress"), ("Trousers", "pants")):
        name = items[items["product_type_name"] == kind]["image"].iloc[0]
        shutil.copyfile(data / name, photos / "images" / f"{label}.jpg")
        rows.append((f"{label}.jpg", label))
    with (photos / "photos.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("image", "label"), *rows])
    out = tmp_path / "photos.json"
    arguments = ["compare", str(model_folder), "--data", str(data), "--protocol", "photos", "--json", str(out)]
    assert main(arguments) == 0
    found = json.loads(out.read_text())["photos"]
    assert found["photos"] == 3 and found["products"] == 48 and set(found["by_kind"]) == {"shirt", "dress", "pants"}
    assert found["share"]["plain EfficientNet features"] > found["share"]["chance"]
    (photos / "photos.csv").write_text("picture,kind\n")
    assert main(arguments) == 2 and "no columns image and label" in capsys.readouterr().err


def test_words_find_products_of_their_colour_and_kind(model_folder: Path, shop_folder: Path, tmp_path: Path, capsys) -> None:
    data, out = tmp_path / "shop", tmp_path / "words.json"
    shutil.copytree(shop_folder, data)
    items = pd.read_parquet(data / "items.parquet")
    arguments = ["compare", str(model_folder), "--data", str(data), "--protocol", "words", "--json", str(out)]
    items.assign(colour_group_name="Red").to_parquet(data / "items.parquet")
    assert main(arguments) == 0
    document = json.loads(out.read_text())
    found = document["words"]
    assert found["products"] == 48 and found["queries"] == (items["product_type_name"].value_counts() >= 5).sum() > 0
    assert found["share"]["search by words"] > found["share"]["chance"]
    text = card(read_spec(model_folder), {}, {"words": document}, "")
    assert f"| search by words | {found['share']['search by words']:.2f} (" in text
    items.head(4).to_parquet(data / "items.parquet")
    assert main(arguments) == 2 and "no colour and kind" in capsys.readouterr().err


def test_scale_grows_the_data_and_times_it(model: RetailModel, shop: Shop) -> None:
    features, purchases = grow(shop.ranker.features, shop.purchases, 3, 100)
    assert len(features.image) == 100 and 48 < purchases.rows.max() < 100 and len(purchases) > 2 * len(shop.purchases)
    assert np.array_equal(features.image[:48], shop.ranker.features.image) and not np.allclose(features.image[48:96], features.image[:48])
    found = scale(shop.ranker.features, shop.purchases, model.towers, model.settings, torch.device("cpu"), silent, (60,), 3000)
    assert found["approximate"]["recall@20"] > 0.9 and found["exact"]["60"]["median_ms"] > 0 and found["epoch_s"].keys() == {"1", "10"}
    text = card(model.spec, {}, {"scale": {"protocol": "p", "command": "c", "scale": found}}, "")
    assert "3,000 vectors, approximate index" in text
