from dataclasses import replace

from mmcore.library import find
from mmcore.model_spec import read_spec
from mmcore.report import reading
from tests.figures.results import SPEC, explanation, result


def test_each_field_is_listed_once_with_its_strongest_edit_first():
    assert reading.strongest_edits(explanation()) == [("bleed", "False", 0.45), ("region", "BACK", 0.20)]


def test_weak_edits_are_not_told_and_of_many_the_strongest_are():
    many = {f"f{i}": {"True": 0.25 + i / 50} for i in range(9)} | {"weak": {"True": 0.255}}
    told = [field for field, _, _ in reading.strongest_edits(explanation(edits=many))]
    assert told == ["f8", "f7", "f6", "f5", "f4"]
    assert reading.strongest_edits(explanation(edits={"weak": {"True": 0.255}})) == [] == reading.strongest_edits(None)


def test_classes_that_are_told_with_the_same_percentage_are_equally_probable():
    first, second, third = result().predictions
    tied = result(predictions=(replace(first, probability=0.424), replace(second, probability=0.421), replace(third, probability=0.155)))
    assert reading.headline(tied) == ("Nevus and Melanoma 42\u00a0% each", "") and reading.leading_title(tied) == "Equally probable"
    unsure = replace(tied, confidence=replace(tied.confidence, abstain=True))
    assert reading.headline(unsure) == ("Not sure", "Equally probable: Nevus and Melanoma 42\u00a0% each")


def test_names_probabilities_and_sets_are_looked_up():
    assert reading.name(SPEC, "MEL") == "Melanoma" and reading.name(SPEC, "XYZ") == "XYZ"
    assert reading.probability(result(), "MEL") == 0.25 and reading.probability(result(), "XYZ") == 0.0
    assert reading.set_names(result()) == ["Nevus", "Melanoma"]
    assert reading.group_names(SPEC, "malignant") == ["Melanoma", "Basal cell carcinoma"]


def test_an_abstaining_model_is_not_sure_before_anything_else():
    assert reading.headline(result()) == ("Nevus 60\u00a0%", "") and reading.no_guarantee(result(), SPEC) == ""
    unsure = replace(result().confidence, abstain=True, unlike=("image", "record"))
    assert reading.headline(result(confidence=unsure)) == ("Not sure", "Most probable: Nevus 60\u00a0%")
    told = reading.no_guarantee(result(confidence=unsure), SPEC)
    assert told == "No guarantee here: the photo and the clinical record are unlike anything seen in training."


def test_origin_is_said_where_it_is_known():
    assert [bool(reading.origin(g)) for g in (True, False, None)] == [True, True, False]
    assert reading.origin(True, ("image",)) == "partly generated, not the case of a real patient"
    assert reading.origin(False, ("image",)) == "real case"


def test_inputs_are_called_as_the_page_calls_them():
    assert reading.inputs(SPEC, "image+record") == "photo and clinical record" and reading.inputs(SPEC, "") == ""


def test_a_warning_names_a_field_by_its_title_and_is_left_alone_otherwise() -> None:
    item = read_spec(find("chest_xray")).inputs["record"]
    assert reading.warning(item, "pO2_saturation: 0.91 is below 60, taken as missing") == "Saturation: 0.91 is below 60, taken as missing"
    assert reading.warning(item, "not used: case") == "not used: case" and reading.warning(None, "age: 430") == "age: 430"
