"""models: every model with what a user must know before using it."""

import json
import shutil
import subprocess
import sys

import pytest

from mmcore import library
from mmcore.__main__ import main
from mmcore.commands.models import entry, lines
from tests.evaluation.toy_pipeline import SHIPPED


@pytest.fixture
def folders(tmp_path, monkeypatch):
    shutil.copytree(SHIPPED, tmp_path / "good", ignore=shutil.ignore_patterns("*.safetensors"))
    (tmp_path / "good" / "figures.json").write_text(json.dumps({"headline": {"auroc": 0.94000000002}}))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.toml").write_text("name = ")
    monkeypatch.setattr("mmcore.library.model_folders", lambda: {"good": tmp_path / "good", "broken": tmp_path / "broken"})
    return tmp_path


def test_each_model_says_name_domain_inputs_task_licence_grade_and_figures(folders, capsys):
    assert main(["models", "--json", "-"]) == 0
    good = json.loads(capsys.readouterr().out)["models"][0]
    assert good["name"] == "good" and good["domain"] == "medical" and good["inputs"] == ["image", "record"]
    assert good["task"] == "classification" and "PAD-UFES-20" in good["licence"] and good["grade"] == "held-out patients"
    assert good["figures"] == {"auroc": 0.94000000002} and "Not a medical device" in good["notice"]


def test_listing_models_imports_no_torch():
    code = "import sys; from mmcore.__main__ import main; main(['models']); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_a_damaged_model_hides_no_other(folders, capsys):
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert "good: Skin lesion" in out and "auroc: 0.94\n" in out and "damaged: model.toml is not valid TOML" in out


def test_damaged_figures_are_said(folders, capsys):
    (folders / "good" / "figures.json").write_text("{")
    assert main(["models", "--json", "-"]) == 0
    assert "figures.json" in json.loads(capsys.readouterr().out)["models"][0]["error"]


def test_no_model_folder_is_shown_with_its_place_on_this_machine(folders, capsys):
    assert main(["models", "--json", "-"]) == 0
    assert str(folders) not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["chest_xray", "fashion", "skin_lesion", "spoken_command", "video_events"])
def test_every_shipped_model_has_its_headline_figures_and_says_them(name):
    found = entry(name, library.SHIPPED / name)
    assert found["figures"] and found["headline"] and found["headline"] in lines(found)[4]
