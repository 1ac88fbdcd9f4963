from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import RLELossless

from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.case_folder import read_case, read_case_bytes
from mmcore.readers.limits import LIMITS
from mmcore.readers.picture import read_from_study
from mmcore.readers.study import Instance, choose, read_instance, series_of
from tests.readers.test_dicom import dataset, save


def instance(name: str, series: str = "1", number: int = 1, view: str = "", series_number: int = 1) -> Instance:
    return Instance(name, series, (series_number, 0.0, number), "DX", view, "CHEST", 1, 400)


def dicom(level: int, **tags: object) -> bytes:
    return save(dataset(np.full((20, 20), level, np.uint8), **tags))


def test_series_and_their_objects_are_put_in_the_order_of_their_numbers() -> None:
    given = [instance("c", "b", 2, series_number=2), instance("a", "b", 1, series_number=2), instance("z", "a", 1)]
    assert [[item.name for item in group] for group in series_of(given)] == [["z"], ["a", "c"]]


def test_a_frontal_view_comes_first_and_the_others_are_counted() -> None:
    name, said = choose([instance("side", number=1, view="LL"), instance("front", number=2, view="PA")])
    assert name == "front" and said == "the study holds 2 pictures: frame 2 of 2, view PA is used"
    _, said = choose([instance("front", number=3, view="PA"), instance("leg", "2"), instance("film", "3", series_number=3)])
    assert said == "the study holds 3 pictures in 3 series: series 1a, view PA is used"
    assert choose([instance("one")]) == ("one", "")
    with pytest.raises(InputError, match="none of the DICOM files holds a picture"):
        choose([])


def test_what_is_no_picture_has_no_place_in_a_study() -> None:
    assert read_instance("x", b"\0" * 200) is None
    found = read_instance("x", dicom(5, SeriesNumber="3", InstanceNumber="7", ViewPosition="PA"))
    assert found is not None and found.order == (3.0, 0.0, 7.0) and found.view == "PA"


def test_a_folder_and_a_zip_of_a_study_give_one_case(spec: ModelSpec, write: Callable[[dict[str, bytes]], Path]) -> None:
    front, side = dicom(200, InstanceNumber="2", ViewPosition="PA"), dicom(100, InstanceNumber="1", ViewPosition="LL")
    folder = write({"IM1": side, "IM2": front, "record.json": b'{"age": 61}'})
    for case in (read_case([folder], spec), read_case_bytes({"a": side, "b": front}, spec)):
        assert (case.inputs["image"].value.pixels == 200).all()
        assert case.inputs["image"].warnings[0].startswith("the study holds 2 pictures")
        source = case.inputs["image"].value.source
        assert [series.count for series in source.series] == [2] and source.data == front
        other, _ = read_from_study(replace(source, at=(0, 0)))
        assert (other.pixels == 100).all() and other.sha256 != case.inputs["image"].value.sha256


def test_what_is_packed_with_a_picture_and_not_used_is_named(spec: ModelSpec, write: Callable[[dict[str, bytes]], Path]) -> None:
    broken = b"\0" * 128 + b"DICM" + b"\1" * 64
    case = read_case([write({"a.dcm": dicom(100), "b.dcm": broken, "readme.txt": b"hand made"})], spec)
    assert case.present == ("image",) and list(case.unused) == ["b.dcm", "readme.txt"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_ends_before_its_pixels_is_not_kept_beside_the_picture(spec: ModelSpec, packed: bool) -> None:
    second = dataset(np.arange(400, dtype=np.uint8).reshape(20, 20), InstanceNumber="2")
    if packed:
        second.compress(RLELossless)
    whole = save(second)
    case = read_case_bytes({"a": dicom(100, InstanceNumber="1"), "b": whole[:-200]}, spec)
    assert case.unused == {"b": "the DICOM picture is damaged or cut off"}
    assert case.inputs["image"].value.source.series[0].count == 1
    assert not case.inputs["image"].warnings or "the study holds" not in case.inputs["image"].warnings[0]
    kept = read_case_bytes({"a": dicom(100, InstanceNumber="1"), "b": whole}, spec)
    assert not kept.unused and kept.inputs["image"].value.source.series[0].count == 2


def test_a_study_that_is_too_large_to_keep_leaves_the_picture_analysed(spec: ModelSpec) -> None:
    files = {"a": dicom(100, InstanceNumber="1"), "b": dicom(200, InstanceNumber="2")}
    case = read_case_bytes(files, spec, replace(LIMITS, study_bytes=500))
    source = case.inputs["image"].value.source
    assert source.series[0].count == 1 and "only this picture is kept" in " ".join(case.inputs["image"].warnings)


def test_series_are_kept_apart_in_their_order(spec: ModelSpec) -> None:
    files = {
        "c": dicom(30, SeriesInstanceUID="2.1", SeriesNumber="2", InstanceNumber="1", Modality="CR"),
        "b": dicom(20, SeriesInstanceUID="1.1", SeriesNumber="1", InstanceNumber="2"),
        "a": dicom(10, SeriesInstanceUID="1.1", SeriesNumber="1", InstanceNumber="1"),
    }
    source = read_case_bytes(files, spec).inputs["image"].value.source
    assert [series.files for series in source.series] == [(files["a"], files["b"]), (files["c"],)]
    assert source.at == (0, 0) and source.series[1].title == "series 2, CR"


def test_two_series_of_one_number_are_called_apart(spec: ModelSpec) -> None:
    files = {name: dicom(30, SeriesInstanceUID=f"2.{name}", SeriesNumber="1", Modality="CR") for name in ("1", "2")}
    source = read_case_bytes(files, spec).inputs["image"].value.source
    assert [series.title for series in source.series] == ["series 1a, CR", "series 1b, CR"]
