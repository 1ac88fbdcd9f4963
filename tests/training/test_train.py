"""Training from a data set to a folder: slow parts are done once for all tests of this file."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from mmcore import model_folder, pipeline
from mmcore.__main__ import main
from mmcore.confidence.model import load_confidence
from mmcore.errors import ConfigError, InputError
from mmcore.evaluation.sources import held_out_sources
from mmcore.model_spec import DataSpec, Label, ModelSpec, read_spec
from mmcore.readers.dataset import read_dataset
from mmcore.training import train as module
from mmcore.training.crossfit import crossfit
from mmcore.training.load import load_raw
from mmcore.training.train import check_empty, train
from mmcore.training.tuned import tune_encoders
from tests.model_source import write_small_model
from tests.training.sets import LATE, QUICK, encoded

CPU = torch.device("cpu")


class Killed(Exception):
    """Stands for the end of the process."""


def run(model: Path, data: Path, out: Path, fusion: str | None = None, seed: int = 0, step=module.SILENT) -> dict:
    return train(model, data, out, fusion=fusion, seed=seed, device=CPU, command="python -m mmcore train", step=step)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_model(tmp_path_factory.mktemp("source"), hold_out=0.2)


@pytest.fixture(scope="module")
def trained(source: Path, tiny_skin_set: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    out = tmp_path_factory.mktemp("models") / "small"
    return out, run(source, tiny_skin_set, out)


def read(folder: Path, name: str) -> dict:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def same_tensors(one: Path, other: Path) -> bool:
    """Whether two folders hold the same weights and the same confidence."""
    for name in ("fusion.safetensors", "confidence.safetensors"):
        mine, theirs = load_file(one / name), load_file(other / name)
        if mine.keys() != theirs.keys() or not all(np.array_equal(mine[key], theirs[key]) for key in mine):
            return False
    return True


def test_the_folder_is_a_model_that_answers(trained: tuple[Path, dict], tiny_skin_set: Path) -> None:
    model = pipeline.load(str(trained[0]))
    case = read_dataset(tiny_skin_set, model.spec)[0].load()
    result = model.analyze(case)
    assert sum(p.probability for p in result.predictions) == pytest.approx(1)
    assert result.confidence.calibration_n == trained[1]["cases"]
    assert set(model.confidence.familiarity) == {"image"}


def test_held_out_subjects_are_in_nothing_that_was_trained(trained: tuple[Path, dict], tiny_skin_set: Path) -> None:
    folder, summary = trained
    rows = read_dataset(tiny_skin_set, read_spec(folder))
    held, hashes = set(read(folder, "held_out.json")["ids"]), read(folder, "training_hashes.json")
    assert 5 <= len(held) <= 20 and summary["held_out"] == len(held) and summary["cases"] == 60 - len(held)
    for row in rows:
        assert (row.load().digest in hashes["cases"]) == (row.id not in held)
        assert (row.load().inputs["image"].value.sha256 in hashes["inputs"]) == (row.id not in held)
    assert not {row.subject for row in rows if row.id in held} & {row.subject for row in rows if row.id not in held}


def test_the_folder_says_how_it_was_made(trained: tuple[Path, dict], source: Path) -> None:
    folder, summary = trained
    assert read(folder, "training.json") == json.loads(json.dumps(summary))
    assert summary["training"]["folds"] == 2 and summary["report"]["macro avg"]["support"] == summary["cases"]
    assert len(read(folder, "curves.json")) == 3 and (folder / "model.toml").read_text() == (source / "model.toml").read_text()
    assert not (folder / ".checkpoints").exists()


def test_the_same_seed_gives_the_same_model_and_another_fusion_another(
    trained: tuple[Path, dict], source: Path, tiny_skin_set: Path, tmp_path: Path
) -> None:
    again = run(source, tiny_skin_set, tmp_path / "again")
    assert same_tensors(tmp_path / "again", trained[0])
    assert again["report"] == trained[1]["report"]
    other = run(source, tiny_skin_set, tmp_path / "again", fusion="weighted")
    assert other["fusion"]["name"] == "weighted" and pipeline.load(str(tmp_path / "again")).fusion.members[0].settings.name == "weighted"
    assert read_spec(tmp_path / "again").fusion["name"] == "weighted" and read_spec(trained[0]).fusion["name"] == "late"


def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_model(
    trained: tuple[Path, dict], source: Path, tiny_skin_set: Path, tmp_path: Path
) -> None:
    def kill(stage: str, done: int, total: int) -> None:
        if stage == "cross-fit" and done == 2:
            raise Killed

    with pytest.raises(Killed):
        run(source, tiny_skin_set, tmp_path, step=kill)
    assert not (tmp_path / "fusion.safetensors").exists()
    kept = {path.name for path in (tmp_path / ".checkpoints").glob("*.ckpt")}
    assert kept == {"fold0-member0.ckpt", "fold1-member0.ckpt"}
    check_empty(tmp_path, source)
    run(source, tiny_skin_set, tmp_path)
    assert same_tensors(tmp_path, trained[0])


def test_checkpoints_of_other_data_are_not_taken_up(source: Path, tiny_skin_set: Path, tmp_path: Path) -> None:
    def kill(stage: str, done: int, total: int) -> None:
        if stage == "cross-fit":
            raise Killed

    other = tmp_path / "data"
    shutil.copytree(tiny_skin_set, other)
    rows = list(csv.DictReader((other / "metadata.csv").open(encoding="utf-8")))
    rows[0]["age"] = "55" if rows[0]["age"] != "55" else "56"
    with (other / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    times = []
    for data in (tiny_skin_set, other):
        with pytest.raises(Killed):
            run(source, data, tmp_path / "out", step=kill)
        times.append((tmp_path / "out/.checkpoints/fold0-member0.ckpt").stat().st_mtime_ns)
    assert times[0] < times[1]


def test_confidence_rests_on_scores_of_cases_not_trained_on(trained: tuple[Path, dict]) -> None:
    model = load_confidence((trained[0] / "confidence.safetensors").read_bytes())
    assert set(model.scores) == {"image", "record", "image+record"}
    assert all(np.all(np.diff(scores) >= 0) and len(scores) == trained[1]["cases"] for scores in model.scores.values())


def test_a_row_without_a_label_is_an_error_that_names_the_row(tiny_skin_set: Path, source: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_skin_set, tmp_path / "data")
    table = tmp_path / "data" / "metadata.csv"
    lines = table.read_text().splitlines()
    lines[3] = lines[3].replace(",MEL,", ",,")
    table.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match=r"row 3 of metadata\.csv has no label"):
        load_raw(tmp_path / "data", read_spec(source))


def test_a_file_or_another_folder_is_never_written_over(tmp_path: Path, source: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    for out, said in ((tmp_path, "not empty"), (tmp_path / "letter.txt", "is a file. Name a folder")):
        with pytest.raises(InputError, match=said):
            check_empty(out, source)
    check_empty(tmp_path / "new", source)


def test_a_model_ships_the_exponents_that_its_calibration_was_fitted_under(
    source: Path, tiny_skin_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "by_source", lambda spec, cases, fitted, *rest: replace(fitted, exponents=np.array([2.0, 0.5])))
    run(source, tiny_skin_set, tmp_path / "model")
    shipped = [values for name, values in load_file(tmp_path / "model" / "fusion.safetensors").items() if name.endswith("exponents")]
    assert shipped and all(np.allclose(values, [2.0, 0.5]) for values in shipped)


def test_an_encoder_that_runs_a_part_of_its_network_is_not_trained_further() -> None:
    spec = read_spec(Path(module.__file__).parents[1] / "models" / "chest_xray")
    with pytest.raises(ConfigError, match="runs a part of its network"):
        tune_encoders(SimpleNamespace(pixels={"image": None}), spec, replace(QUICK, freeze="top"), 0, CPU, None, module.SILENT)  # type: ignore[arg-type]


def test_scores_of_sources_not_seen_come_with_the_exponents_that_they_were_given_with() -> None:
    data = replace(encoded(60), columns={"url": np.array([f"https://s{number % 6}.org/x" for number in range(60)])})
    settings = replace(QUICK, calibrate="source")
    spec = ModelSpec("m", "M", "medical", "classification", "none", "", "", {}, data=DataSpec("t", "l", "s", source="url"))
    spec = replace(spec, labels=tuple(Label(name, name) for name in "abc"))
    fitted = crossfit(data, 3, LATE, settings, 0, CPU)
    scored = module.by_source(spec, data, fitted, LATE, settings, 0, CPU)
    source = np.array([f"s{number % 6}.org" for number in range(60)])
    apart = held_out_sources(data, source, 3, LATE, settings, [0], CPU)[0]
    assert scored.exponents is not None and apart.exponents is not None and np.allclose(scored.exponents, apart.exponents)
    assert not np.allclose(scored.exponents, fitted.exponents)
    assert np.allclose(scored.log_probabilities["image+record"], apart.log_probabilities["image+record"])
    assert scored.distances is fitted.distances
    assert module.by_source(spec, data, fitted, LATE, QUICK, 0, CPU) is fitted


def test_a_fusion_that_is_not_known_is_told_before_any_work_and_leaves_no_folder(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Did you mean 'late'"):
        run(source, tmp_path / "no data", tmp_path / "out", fusion="latte")
    assert not (tmp_path / "out").exists()


def test_figures_of_earlier_weights_are_set_aside(source: Path, tiny_skin_set: Path, tmp_path: Path, capsys) -> None:
    shutil.copy(source / "model.toml", tmp_path)
    (tmp_path / "figures.json").write_text('{"headline": {"balanced_accuracy": 0.12}}')
    assert main(["train", str(tmp_path), "--data", str(tiny_skin_set), "--out", str(tmp_path), "--json", str(tmp_path / "t.json")]) == 0
    assert "run compare" in capsys.readouterr().err and not (tmp_path / "figures.json").exists()
    assert "12.0 %" not in (tmp_path / "card.md").read_text() and (tmp_path / "figures_of_earlier_weights.json").is_file()


def test_weights_may_be_read_by_whoever_may_read_other_files(tmp_path: Path) -> None:
    save_file({"a": np.zeros(1)}, tmp_path / "fusion.safetensors")
    model_folder.seal(tmp_path)
    (tmp_path / "other").touch()
    assert len({path.stat().st_mode for path in tmp_path.iterdir()}) == 1
