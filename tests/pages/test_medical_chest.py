"""The medical page with the chest model: three inputs, DICOM, a note and what is recognised in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.conftest import settled, words
from tests.pages.test_medical import field, finished, switch, upload

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data" / "chest_xray"
DICOM = (SAMPLES / "picture_alone" / "picture.dcm").read_bytes()


@pytest.fixture
def show(open_page):
    """Opens the page with the chest model and waits until its case is analysed."""
    return lambda **where: open_page("medical", model="chest_xray", **where)


def test_a_case_of_three_inputs_is_answered_and_says_how_weak_the_evidence_is(show):
    app = show(case="dicom_record_note")
    text = words(app)
    assert "A DICOM picture, a record and a note" in text and "partly generated" in text and "ost probable" in text
    assert "Evidence grade: confounded" in text and "never rely on it" in text
    assert any("<mark" in item.proto.body for item in app.get("html"))


@pytest.mark.parametrize(
    ("sample", "missing"), [("fhir_and_note", "no chest X-ray"), ("picture_alone", "no clinical note"), ("not_a_chest", "no clinical note")]
)
def test_with_an_input_missing_the_answer_rests_on_the_rest(show, sample, missing):
    text = words(show(case=sample))
    assert missing in text and "ost probable" in text


def test_only_a_note_is_explained_by_its_words_and_offers_no_change_nor_real_cases_that_are_not_there(show):
    app = show(case="note_alone")
    text = words(app)
    assert "In the note, “" in text and "What would change the answer?" not in text
    assert "Real cases" not in app.get_by_key("medical.source").options


def test_a_leg_is_unlike_anything_seen(show):
    app = show(case="not_a_chest")
    text = words(app)
    assert "another part of the body" in app.warning[0].value and text.count("means nothing") == 1  # before the answer, and once
    assert "**Not sure**" in text and "Most probable: " in text and "unlike anything seen in training" in text
    assert text.count("No guarantee here") == 2  # beside the set, and in the chain


def test_what_the_note_says_counts_only_once_it_is_accepted(show):
    app = show(case="fhir_and_note")
    assert field(app, "view").value is None and "no chest pain" in words(app)
    button = next(b for b in app.button if b.key and b.key.startswith("accept.") and b.key.endswith(".view"))
    settled(button.click().run())
    assert field(app, "view").value == "AP Supine" and "view: ap supine" in words(app).lower()
    assert field(app, "offset").value == 7 and not any(b.key.startswith("accept.") for b in app.button if b.key)


def test_what_contradicts_the_tags_is_doubted_as_the_record_stands_and_no_longer(show):
    from tests.domains.medical.deidentify.objects import dataset, written

    scan = written(dataset(Modality="CR", BodyPartExamined="CHEST", PatientSex="F", PatientAge="040Y"))
    app = upload(show(case="note_alone"), ("a.dcm", scan), ("b.json", b'{"sex": "M", "age": 41}'))
    assert words(app).count("the tags of the picture say otherwise") == 2  # in the list of files, and beside the record
    settled(field(app, "sex").set_value("F").run())
    assert "say otherwise" not in words(app)
    settled(field(app, "age").set_value(80.0).run())
    assert "Age: the tags of the picture say otherwise" in words(app)


def test_the_note_can_be_switched_off(show):
    app = show(case="fhir_and_note")
    switch(app, "note").set_value(False).run()
    assert "The clinical note is switched off" in words(app)


def test_a_dicom_file_and_a_note_are_taken_and_a_broken_file_is_refused(show):
    app = show()
    upload(app, ("a.dcm", DICOM), ("note.txt", b"Fever and cough for three days."), ("b.dcm", b"\0" * 128 + b"DICM" + b"\1" * 64))
    text = words(settled(app))
    assert "a.dcm: Read as the chest X-ray." in text.replace("*", "") and "note.txt: Read as the clinical note." in text.replace("*", "")
    assert "b.dcm: Not used" in text.replace("*", "")


def pick_model(app, name: str):
    return settled(app.selectbox(key="medical.model_name").set_value(name).run())


def by_menu(app, page: str):
    """Goes to another page as the menu does: nothing of the address before stays."""
    app.query_params.clear()
    return settled(app.switch_page(f"pages/{page}.py").run())


def test_each_model_keeps_its_own_case_with_what_was_said_of_its_files_and_what_was_changed(show):
    app = upload(show(case="note_alone"), ("note.txt", b"Fever and cough for three days. SpO2 91%."))
    settled(next(b for b in app.button if b.key and b.key.startswith("accept.") and b.key.endswith("saturation")).click().run())
    assert "Chest X-ray with record and note" in app.selectbox(key="medical.model_name").options
    text = words(pick_model(app, "skin_lesion"))
    assert "An even brown mole" in text and "note.txt" not in text
    assert app.query_params["model"] == "skin_lesion"
    text = words(pick_model(app, "chest_xray")).replace("*", "")
    assert app.query_params["case"] == "upload" and "Your case: note.txt" in text and "note.txt: Read as the clinical note." in text
    assert field(app, "pO2_saturation").value == 91


def test_model_and_case_stay_over_a_visit_to_another_page(show):
    app = upload(show(), ("a.dcm", DICOM), ("note.txt", b"Fever and cough for three days."))
    assert "Models" in words(by_menu(app, "models"))
    text = words(by_menu(app, "medical"))
    assert app.query_params["model"] == "chest_xray" and app.query_params["case"] == "upload"
    assert "Your case: a.dcm + note.txt" in text and "a.dcm: Read as the chest X-ray." in text.replace("*", "")


def test_a_model_named_by_the_address_comes_before_the_one_of_the_visit(show):
    app = by_menu(show(case="note_alone"), "models")
    app.query_params["model"], app.query_params["case"] = "skin_lesion", "no_photo"
    assert "A record without a photo" in words(settled(app.switch_page("pages/medical.py").run()))


def test_a_batch_stays_with_the_model_that_answered_it(show):
    app = show(case="note_alone")
    settled(app.get_by_key("medical.source").set_value("Many at once").run())
    finished(settled(next(b for b in app.button if b.label == "Try it with the samples").click().run()), "chest_xray")
    answered = list(app.dataframe[0].value["Case"])
    pick_model(app, "skin_lesion")
    assert not app.dataframe and not app.get("download_button") and "cases answered" not in words(app)
    pick_model(app, "chest_xray")
    assert list(app.dataframe[0].value["Case"]) == answered and "Evidence grade: confounded" in words(app)


def test_what_leaves_goes_without_names_unless_asked_and_the_page_shows_what_is_taken_out(show):
    app = show(case="names_everywhere")
    clean = next(t for t in app.toggle if t.key and t.key.startswith("deidentify."))
    draft = next(area for area in app.text_area if area.key and area.key.startswith("findings."))
    assert clean.value is True and "Probabilities: " in draft.value and "COVID-19 " in draft.value
    shown = next(t for t in app.toggle if t.key and t.key.startswith("taken_out."))
    settled(shown.set_value(True).run())
    text = words(app)
    assert "0001.dcm: 4" in text.replace("*", "") and "nothing found left" in text and "2 lines blanked" in text
    assert "Patient's Name" in {name for frame in app.dataframe for name in frame.value.get("What", [])}
    settled(next(t for t in app.toggle if t.key == clean.key).set_value(False).run())
    assert "go with everything you take" in words(app)


def test_findings_that_were_typed_come_back_with_their_answer(show):
    app = show(case="note_alone")

    def draft():
        return next(area for area in app.text_area if area.key and area.key.startswith("findings."))

    def level(value):
        settled(next(s for s in app.slider if s.key and s.key.startswith("level.")).set_value(value).run())

    settled(draft().set_value("No pleural effusion, typed by hand.").run())
    level(0.8)
    assert "typed by hand" not in draft().value and "80\N{NO-BREAK SPACE}%" in draft().value
    level(0.9)
    assert draft().value == "No pleural effusion, typed by hand."


def test_a_prior_of_another_patient_is_doubted_on_the_page(show):
    from tests.domains.medical.deidentify.objects import dataset, written

    def scan(name, number, day):
        return written(dataset(Modality="CR", BodyPartExamined="CHEST", PatientName=name, PatientID=number, StudyDate=day))

    app = upload(show(), ("now.dcm", scan("White^Page", "1234", "20230511")))
    prior = next(zone for zone in app.file_uploader if zone.label == "The files of the prior study")
    prior.upload("before.dcm", scan("Brown^Bob", "99", "20250101"))
    settled(app.run())
    text = " ".join(warning.value for warning in app.warning)
    assert not app.exception and "name different patients" in text and "later of the two" in text
    assert "Brown" not in text and "2025" not in text
