"""Each task is one module; a model is served by the module of its task."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from mmcore import pipeline
from mmcore.commands import classification, tasks
from mmcore.errors import ConfigError, ModelError
from mmcore.model_spec import read_spec

MODEL = """
name = "shelf"
title = "A model without labels"
domain = "garden"
task = "{task}"
grade = "none"
notice = "none"
licence = "CC0"

[inputs.words]
kind = "text"
title = "Words"
encoder = "none"
"""


def write(folder: Path, task: str) -> Path:
    (folder / "model.toml").write_text(MODEL.format(task=task), encoding="utf-8")
    return folder


@pytest.mark.parametrize("task", tasks.TASKS)
def test_every_task_can_load_a_model_and_answer_its_main_commands(task: str) -> None:
    module = tasks.serving(task)
    for name in ("load", "analyze", "evaluate", "write_card", "timer"):
        assert callable(getattr(module, name)), name


def test_the_shipped_classification_model_is_served_by_classification() -> None:
    assert tasks.of_model("skin_lesion") is classification


def test_a_task_that_is_not_known_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Did you mean 'classification'"):
        tasks.of_model(str(write(tmp_path, "clasification")))


def test_a_model_of_another_task_needs_no_labels_and_a_classification_does(tmp_path: Path) -> None:
    assert read_spec(write(tmp_path, "grading")).label_ids == ()
    with pytest.raises(ConfigError, match="data"):
        read_spec(write(tmp_path, "classification"))


@pytest.mark.parametrize("name", ["../fruit", "", ".hidden", "a/b"])
def test_a_name_that_could_be_a_path_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, "grading")
    file = tmp_path / "model.toml"
    file.write_text(file.read_text().replace('name = "shelf"', f'name = "{name}"'))
    with pytest.raises(ConfigError, match="cannot be used"):
        read_spec(tmp_path)


def test_a_model_of_another_task_says_how_it_is_loaded() -> None:
    with pytest.raises(ModelError, match=r"of the kind 'ranking'.*tasks\.load\('fashion'\)"):
        pipeline.load("fashion")


def test_a_command_that_a_task_lacks_names_those_that_can_be_typed() -> None:
    with pytest.raises(ConfigError, match=r"answers to: analyze, .*card$"):
        tasks.run("whistle", SimpleNamespace(model="video_events"))  # type: ignore[arg-type]


def test_a_model_of_classification_that_is_kept_is_ready_for_its_first_case(monkeypatch: pytest.MonkeyPatch) -> None:
    warmed: list[str] = []
    kept = SimpleNamespace(warm=lambda: warmed.append("warm"))
    monkeypatch.setattr("mmcore.pipeline.load", lambda name: kept)
    assert tasks.load("skin_lesion") is kept and warmed == ["warm"]
