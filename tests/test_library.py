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
