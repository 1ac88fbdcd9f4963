from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mmcore import library
from mmcore.errors import ModelError


def test_the_shipped_model_is_found_by_name_and_by_folder() -> None:
    folder = library.find("skin_lesion")
    assert folder == library.SHIPPED / "skin_lesion" == library.find(str(folder))


def test_trained_models_are_found_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(library.find("skin_lesion"), tmp_path / "mine")
    shutil.copytree(library.find("skin_lesion"), tmp_path / "skin_lesion")
    (tmp_path / "no_model").mkdir()
    monkeypatch.setenv(library.VARIABLE, str(tmp_path))
    found = library.model_folders()
    assert found["mine"] == tmp_path / "mine" and library.find("mine") == tmp_path / "mine"
    assert found["skin_lesion"] == library.SHIPPED / "skin_lesion"
    assert found[str(tmp_path / "skin_lesion")] == tmp_path / "skin_lesion"
    assert "no_model" not in found


def test_an_unknown_model_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(ModelError, match="skin_lesion"):
        library.find("skin_lesions")
    with pytest.raises(ModelError, match=r"Known models: .*skin_lesion"):
        library.find("qqq")


def test_a_model_that_was_never_trained_says_how_to_train_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fruit").mkdir()
    shutil.copy(library.find("skin_lesion") / "model.toml", tmp_path / "fruit")
    monkeypatch.setenv(library.VARIABLE, str(tmp_path))
    with pytest.raises(ModelError, match=r"'fruit' has no weights in its folder .*fruit\. Train it: .* train .*fruit --data DIR"):
        library.find("fruit")


def test_a_folder_of_models_that_is_not_there_is_named_where_a_model_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.VARIABLE, "/no/such/folder")
    with pytest.raises(ModelError, match="TRIPTYCH_MODELS names /no/such/folder, which is no folder"):
        library.find("qqq")
