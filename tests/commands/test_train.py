"""train: what it hands on, what it says, and that the folder it writes is a model."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from mmcore import library
from mmcore.__main__ import main
from mmcore.commands import tasks
from mmcore.commands.train import command_line, lines
from tests.evaluation.toy_pipeline import SHIPPED


def test_the_command_kept_with_the_model_can_be_typed_again():
    args = SimpleNamespace(model="skin_lesion", data=Path("my data"), out=Path(".models/a"), fusion=None, seed=3)
    assert command_line(args) == "python -m mmcore train skin_lesion --data 'my data' --out .models/a --seed 3"
    args.fusion = "late"
    assert command_line(args).endswith("--seed 3 --fusion late")


def test_the_report_names_every_class_and_how_many_cases_it_rests_on():
    row = {"precision": 0.5, "recall": 0.25, "f1-score": 1 / 3, "support": 12.0}
    text = lines({"cases": 60, "subjects": 50, "report": {"MEL": row, "accuracy": 0.5, "macro avg": row}}, Path("out"))
    assert "60 cases of 50 subjects" in text[0] and text[-1] == "Model written to out"
    assert [line.split() for line in text if line.startswith("MEL")] == [["MEL", "50.0", "%", "25.0", "%", "33.3", "%", "12"]]


def test_a_folder_with_something_else_in_it_is_not_written_over(tmp_path, capsys, tiny_skin_set):
    (tmp_path / "letter.txt").write_text("dear")
    assert main(["train", str(SHIPPED), "--data", str(tiny_skin_set), "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "--out" in error and [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("name", "trainer", "summary"),
    [
        ("fashion", "mmcore.domains.retail.trainer.train", {"products": 1, "shoppers": 1, "purchases": 1, "day_before": {}}),
        ("spoken_command", "mmcore.domains.video.slot_train.train", {"cases": 1}),
        ("video_events", "mmcore.domains.video.event_train.train", {"cases": 1}),
    ],
)
def test_figures_of_earlier_weights_are_set_aside_whatever_the_task(name, trainer, summary, tmp_path, monkeypatch, capsys):
    data, out = tmp_path / "data", tmp_path / "out"
    for folder in (data, out):
        folder.mkdir()
    (data / "labels.csv").write_text("file,label,fold\n")
    (out / "model.toml").write_text((library.SHIPPED / name / "model.toml").read_text())
    for file in ("figures.json", "evidence.json", "training_hashes.json"):
        (out / file).write_text("{}")
    monkeypatch.setattr(trainer, lambda *given, **options: summary)
    monkeypatch.setattr(tasks.of_model(name), "write_card", lambda folder: folder)
    assert main(["train", name, "--data", str(data), "--noise", str(data), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "evidence_of_earlier_weights.json", "figures_of_earlier_weights.json", "model.toml", "training_hashes.json",
    ]  # fmt: skip
    assert "_of_earlier_weights" in capsys.readouterr().err
