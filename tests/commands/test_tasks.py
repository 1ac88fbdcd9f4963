"""Each task is one module; a model is served by the module of its task."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmcore.commands import classification, tasks
from mmcore.errors import ConfigError
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
