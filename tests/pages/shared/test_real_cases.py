import json
from dataclasses import replace

import pytest

from mmcore.model_spec import read_spec
from pages.shared import real_cases
from tests.pages.conftest import ROOT

SPEC = read_spec(ROOT / "mmcore" / "models" / "skin_lesion")
HEADER = "patient_id,diagnostic,image,age,region,itch,grew,hurt,changed,bleed,elevation\n"


@pytest.fixture
def data(tmp_path, photo, monkeypatch):
    """A data set of two generated rows in the model's format, named by the environment."""
    folder = tmp_path / "some_set"
    (folder / "images").mkdir(parents=True)
    for name in ("a", "b"):
        (folder / "images" / f"{name}.jpg").write_bytes(photo)
    rows = "P1,MEL,images/a.jpg,61,NOSE,True,UNK,False,False,True,False\nP2,NEV,images/b.jpg,30,BACK,False,False,False,False,False,True\n"
    (folder / SPEC.data.table).write_text(HEADER + rows)
    monkeypatch.setenv(real_cases.VARIABLE, str(tmp_path))
    return folder


FOLD = real_cases.HeldOut("some_set", ("images/b.jpg", "images/gone.jpg"))


def test_the_data_is_found_in_a_named_folder_or_by_the_environment(data, tmp_path, monkeypatch):
    assert real_cases.find_data(FOLD, SPEC) == data
    monkeypatch.delenv(real_cases.VARIABLE)
    assert real_cases.find_data(FOLD, SPEC) is None
    assert real_cases.find_data(FOLD, SPEC, str(data)) == data == real_cases.find_data(FOLD, SPEC, str(tmp_path))


def test_a_held_out_case_is_real_named_without_its_patient_and_keeps_what_it_turned_out_to_be(data):
    chosen = real_cases.open_link("real-0", SPEC, FOLD)
    assert chosen is not None and chosen.kind == "real" and chosen.case.generated is False
    assert chosen.case.title == "Real case 1" and chosen.case.notes["truth"] == "NEV" and chosen.case.present == ("image", "record")
    assert "P2" not in chosen.story + chosen.link + chosen.case.title and SPEC.licence in chosen.licence


@pytest.mark.parametrize("link", ["real-1", "real-7", "real-", "real-x", "sample", ""])
def test_a_link_to_no_case_opens_nothing(data, link):
    assert real_cases.open_link(link, SPEC, FOLD) is None


def test_a_model_without_a_held_out_fold_offers_none(tmp_path):
    assert real_cases.held_out(tmp_path) is None
    (tmp_path / real_cases.HELD_OUT).write_text("[]")
    assert real_cases.held_out(tmp_path) is None
    (tmp_path / real_cases.HELD_OUT).write_text(json.dumps({"data": "some_set", "ids": []}))
    assert real_cases.held_out(tmp_path) is None
    (tmp_path / real_cases.HELD_OUT).write_text(json.dumps({"data": "some_set", "ids": ["a"]}))
    assert real_cases.held_out(tmp_path) == replace(FOLD, ids=("a",))
