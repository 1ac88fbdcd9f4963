"""evaluate, analyze and batch of a ranking model, through the command line, on the generated shop."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from mmcore.__main__ import main
from mmcore.domains.retail.told import SUBSETS


@pytest.fixture(scope="module")
def measured(model_folder: Path, shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, list[dict]]:
    out = tmp_path_factory.mktemp("measured")
    status = main(["evaluate", str(model_folder), "--data", str(shop_folder), "--json", str(out / "e.json"),
                   "--predictions", str(out / "p.jsonl"), "--limit", "2"])  # fmt: skip
    assert status == 0
    return json.loads((out / "e.json").read_text()), [json.loads(line) for line in (out / "p.jsonl").read_text().splitlines()]


def test_recall_is_that_of_the_predictions_written(measured: tuple[dict, list[dict]], shop_folder: Path) -> None:
    document, lines = measured
    before, test = (pd.read_parquet(shop_folder / f"{name}.parquet") for name in ("interactions", "test"))
    past = {str(user): set(rows) for user, rows in before.groupby("user_id")["item_id"]}
    code = pd.read_parquet(shop_folder / "items.parquet").set_index("item_id")["product_code"]
    for subset in SUBSETS:
        plain, strict = [], []
        for line in (line for line in lines if line["subset"] == subset):
            bought = set(test[test["user_id"].astype(str) == line["case"]]["item_id"]) - past[line["case"]]
            assert len(set(line["top20"])) == 20 and not set(line["top20"]) & past[line["case"]] and bought
            plain.append(len(bought & set(line["top20"])) / len(bought))
            garments = {code[item] for item in past[line["case"]]}
            new = {item for item in bought if code[item] not in garments}
            strict += [len(new & set(line["top20"])) / len(new)] if new else []
        found = document["subsets"][subset]
        assert found["users"] == len(plain) and found["recall@20"] == pytest.approx(sum(plain) / len(plain))
        assert found["strict"]["users"] == len(strict) and found["strict"]["recall@20"] == pytest.approx(sum(strict) / len(strict))
        assert found["cold"] is None and 0 < found["catalogue_coverage@20"] <= 1 and found["recall@20_ci"][0] <= found["recall@20"]


def test_the_model_is_better_than_chance_and_nothing_of_the_test_day_was_seen(measured: tuple[dict, list[dict]]) -> None:
    document, _ = measured
    assert document["subsets"]["image+text+behaviour"]["recall@20"] > 0.45 and document["seen_in_training"] == 0
    assert set(document["explanation"]) <= {"image", "text", "behaviour"}


def test_without_labels_there_are_the_same_predictions_and_no_figures(
    measured: tuple[dict, list[dict]], model_folder: Path, shop_folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "renamed"
    shutil.copytree(shop_folder, data)
    for name in ("items", "interactions"):
        table = pd.read_parquet(data / f"{name}.parquet").sample(frac=1, random_state=3)
        table.to_parquet(data / f"{name}.parquet")
    pd.read_parquet(data / "test.parquet")[["user_id"]].drop_duplicates().to_parquet(data / "test.parquet")
    outputs = ["--json", str(tmp_path / "e.json"), "--predictions", str(tmp_path / "p.jsonl")]
    assert main(["evaluate", str(model_folder), "--data", str(data), *outputs]) == 0
    assert json.loads((tmp_path / "e.json").read_text())["subsets"] == {}
    found = {(line["case"], line["subset"]): line["top20"] for line in map(json.loads, (tmp_path / "p.jsonl").read_text().splitlines())}
    assert all(found[line["case"], line["subset"]] == line["top20"] for line in measured[1])


def test_pictures_may_be_links_and_those_that_are_missing_are_counted(shop_folder: Path, tmp_path: Path, model_folder: Path) -> None:
    data = tmp_path / "linked"
    shutil.copytree(shop_folder, data, ignore=shutil.ignore_patterns("images"))
    (data / "images").symlink_to(shop_folder / "images")
    table = pd.read_parquet(data / "items.parquet")
    table.loc[0, "image"], table.loc[1, "image"] = "", "../" + str(table.loc[1, "image"])
    table.to_parquet(data / "items.parquet")
    assert main(["evaluate", str(model_folder), "--data", str(data), "--json", str(tmp_path / "e.json"), "--limit", "1"]) == 0
    (note,) = json.loads((tmp_path / "e.json").read_text())["notes"]
    assert note.startswith(f"2 of {len(table)} products have no picture")


def test_analyze_gives_a_shelf_each_with_its_explanation(model_folder: Path, shop_folder: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "past.json").write_text('["P0000", "P0001", "gone"]')
    (tmp_path / "wish.txt").write_text("a yellow shirt")
    inputs = [str(shop_folder), str(tmp_path / "past.json"), str(tmp_path / "wish.txt")]
    assert main(["analyze", str(model_folder), *inputs, "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["predictions"]) == 20
    assert document["inputs"]["behaviour"]["warnings"] == ["product gone is not in the catalogue and left out"]
    for entry in document["predictions"]:
        explanation = entry["explanation"]
        assert explanation["base"] + sum(explanation["shares"].values()) == pytest.approx(entry["probability"], abs=1e-6)
    assert document["explanation"]["target"] == document["predictions"][0]["item"] and document["explanation"]["evidence"]


@pytest.mark.parametrize(("name", "content", "said"), [
    ("past.json", b"{", "not valid JSON"), ("past.json", b'{"items": 3}', "no list of products"),
    ("past.json", b'{"bought": ["P0000"]}', "no list of products"), ("case.toml", b'catalogue = "."\ninputs = ["a"]\n', "must be a table"),
    ("x.bin", b"\xff\xfe\x00\x01", "neither a picture nor text"),
])  # fmt: skip
def test_bad_input_is_one_line(model_folder, shop_folder, tmp_path, capsys, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    given = [str(tmp_path)] if name == "case.toml" else [str(shop_folder), str(tmp_path / name)]
    assert main(["analyze", str(model_folder), *given]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert main(["analyze", str(model_folder), str(shop_folder), "nobody"]) == 2
    assert main(["analyze", str(model_folder), str(tmp_path)]) == 2


def test_a_torn_table_is_one_line(model_folder: Path, shop_folder: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "items.parquet").write_bytes((shop_folder / "items.parquet").read_bytes()[:500])
    (tmp_path / "interactions.parquet").write_bytes((shop_folder / "interactions.parquet").read_bytes())
    assert main(["evaluate", str(model_folder), "--data", str(tmp_path)]) == 2
    assert "items.parquet cannot be read as Parquet" in capsys.readouterr().err


def test_batch_writes_a_row_a_shopper_once(model_folder: Path, shop_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.jsonl"
    assert main(["batch", str(model_folder), str(shop_folder), "--out", str(out)]) == 0
    first = out.read_text()
    assert len(first.splitlines()) == 150 and len(json.loads(first.splitlines()[0])["items"]) == 20
    assert main(["batch", str(model_folder), str(shop_folder), "--out", str(out)]) == 0 and out.read_text() == first
