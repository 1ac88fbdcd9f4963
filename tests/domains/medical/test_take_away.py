"""What leaves the page of the case with names everywhere holds none of them; what a person types is cleaned too."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from pydicom import dcmread

from mmcore import pipeline
from mmcore.case import Case, Input, Record, Text
from mmcore.domains.medical import take_away
from mmcore.domains.medical.take_away import TakeAway
from mmcore.encoders.words_in_pictures import read_words
from mmcore.errors import InputError
from mmcore.readers.case_folder import read_case
from mmcore.report import findings
from mmcore.result import Result
from tests.conftest import REPO
from tests.domains.medical.deidentify.objects import dataset, written
from tests.domains.medical.deidentify.test_planted import found_in

TYPED = "Mrs Featherstonehaugh, MRN7731902, seen 14/03/2024: 2 opacities."


@pytest.fixture(scope="module")
def analysed() -> tuple[Case, Result]:
    loaded = pipeline.load("chest_xray")
    case = read_case([REPO / "sample_data" / "chest_xray" / "names_everywhere"], loaded.spec)
    return case, loaded.analyze(case)


@pytest.fixture(scope="module")
def taken(analysed: tuple[Case, Result]) -> TakeAway:
    return take_away.prepare(*analysed, pipeline.load("chest_xray").spec, read_words)


def exports(taken: TakeAway, text: str) -> Iterator[tuple[str, bytes]]:
    yield from {"html": taken.html(text, "now"), "json": taken.json(), "fhir": taken.fhir(text), "report": taken.report()}.items()
    pdf = pypdfium2.PdfDocument(taken.pdf(text, "now"))
    yield "pdf", "\n".join(page.get_textpage().get_text_range() for page in pdf).encode()
    yield "sr", taken.structured_report(text)
    yield "capture", taken.capture()
    with zipfile.ZipFile(io.BytesIO(taken.package())) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist())


def test_a_word_of_the_note_that_was_taken_out_is_taken_out_of_sentences_that_quote_it(analysed: tuple[Case, Result]) -> None:
    case, result = analysed
    told = replace(case, inputs={**case.inputs, "note": Input(Text("Dr. Wollstonecraft saw opacities."))})
    sentence = "In the note, “Wollstonecraft” (+8 points) speaks for it."
    quoting = replace(result, explanation=replace(result.explanation, reasoning=(sentence,)))
    done = take_away.prepare(told, quoting, pipeline.load("chest_xray").spec, None)
    assert b"Wollstonecraft" not in done.json() and b"(+8 points) speaks for it" in done.json()
    assert "Wollstonecraft" not in done.findings("“Wollstonecraft” gives 8 points.")


def test_no_planted_name_is_left_in_any_export_log_or_temporary_file(
    analysed: tuple[Case, Result], taken: TakeAway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder,
) -> None:  # fmt: skip
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    again = take_away.prepare(*analysed, taken.spec, read_words)
    text = findings.draft(again.result, again.spec) + "\n" + TYPED
    assert found_in(text.encode())
    held = {name: found_in(data) for name, data in exports(again, text)}
    assert len(held) == 10 and held == {name: [] for name in held} and again.clean
    said = capfd.readouterr()
    assert found_in((said.out + said.err + caplog.text + "".join(str(w.message) for w in recwarn)).encode()) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    words = " ".join(line.text for line in read_words(dcmread(io.BytesIO(again.capture())).pixel_array)).upper()
    assert "DRAFT" in words and "FEATHERSTONEHAUGH" not in words and "7731902" not in words


def test_reports_and_copy_belong_to_one_study(taken: TakeAway) -> None:
    copy, report, capture = (dcmread(io.BytesIO(d)) for d in (taken.copies["0001.dcm"], taken.structured_report("1"), taken.capture()))
    assert copy.StudyInstanceUID == report.StudyInstanceUID == capture.StudyInstanceUID
    assert copy.PatientID == report.PatientID == capture.PatientID and copy.PatientID.startswith("ANON-")
    group = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert group.ReferencedSOPInstanceUID == copy.SOPInstanceUID


def test_numbers_stay_and_spans_point_at_the_words_of_the_clean_note(analysed: tuple[Case, Result], taken: TakeAway) -> None:
    case, result = analysed
    assert taken.result.predictions == result.predictions and taken.result.case == result.case == case.digest
    note = taken.case.inputs["note"].value.text
    pieces = [piece for piece in taken.result.explanation.evidence if piece.modality == "note"]
    assert pieces and all(note[slice(*piece.where["span"])] == piece.value for piece in pieces)
    assert [round(p.score, 9) for p in taken.result.explanation.evidence] == [round(p.score, 9) for p in result.explanation.evidence]


def test_asked_for_with_names_they_are_there(analysed: tuple[Case, Result]) -> None:
    named = take_away.prepare(*analysed, pipeline.load("chest_xray").spec, None, identify=True)
    assert found_in(named.html(TYPED)) and found_in(named.structured_report("1")) and dict(exports_of(named))["0001.dcm"]


def exports_of(taken: TakeAway) -> Iterator[tuple[str, bytes]]:
    yield from taken.copies.items()


def test_what_cannot_be_cleaned_is_not_handed_out(taken: TakeAway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TakeAway, "findings", lambda self, text: text)
    for make in (taken.html, taken.pdf, taken.fhir, taken.structured_report):
        with pytest.raises(InputError, match="not handed out") as caught:
            make(TYPED)
        assert not found_in(str(caught.value).encode())


def test_a_very_old_patient_is_ninety(analysed: tuple[Case, Result]) -> None:
    loaded = pipeline.load("chest_xray")
    record = Record({**analysed[0].inputs["record"].value.values, "age": 97.0})
    case = analysed[0].with_value("record", record).without("image", "note")
    told = take_away.prepare(case, loaded.analyze(case), loaded.spec, None)
    document = json.loads(told.json())["explanation"]
    assert "age: [age over 89] years" in " ".join(document["reasoning"]) and "97" not in document["edits"]["age"]
    assert [piece["value"] for piece in document["evidence"] if piece["where"] == {"field": "age"}] == ["90"]
    draft = findings.draft(loaded.analyze(case), loaded.spec)
    assert "97 years" in draft and "97 years" not in told.html(draft).decode() and "90 years" in told.html(draft).decode()


def test_what_was_changed_by_hand_is_in_every_export_and_names_no_very_old_age(analysed: tuple[Case, Result]) -> None:
    loaded = pipeline.load("chest_xray")
    came = analysed[0]
    record = Record({**came.inputs["record"].value.values, "age": 97.0})
    edited = came.with_value("record", record).without("note")
    told = take_away.prepare(edited, loaded.analyze(edited), loaded.spec, None, came=came)
    for name, data in exports(told, "1 opacity"):
        if name in ("html", "json", "fhir", "pdf", "sr", "capture"):
            text = data.decode(errors="replace").replace("→", "to").replace("\r\n", " ")
            assert "to 90" in text and "clinical note left out" in text, name
            assert "97 " not in text or name in ("sr", "capture", "pdf"), name


def test_a_photo_has_a_capture_and_no_structured_report_and_a_file_name_does_not_go_with_it() -> None:
    loaded = pipeline.load("skin_lesion")
    case = read_case([REPO / "sample_data" / "medical" / "clear_nevus"], loaded.spec)
    named = replace(case, title="Featherstonehaugh scan", generated=False)
    told = take_away.prepare(named, loaded.analyze(named), loaded.spec, None)
    assert dcmread(io.BytesIO(told.capture())).PatientID == "ANON" and not found_in(told.html("1") + told.pdf("1"))
    with pytest.raises(InputError, match="refers to the DICOM picture"):
        told.structured_report("1")
    assert "pixels were not searched" in told.report().decode()


def test_the_rest_of_a_study_is_in_the_package_and_joins_the_same_study(analysed: tuple[Case, Result]) -> None:
    case, result = analysed
    picture = case.inputs["image"].value
    series = picture.source.series[0]
    other = written(dataset(PatientName="Mondegreen^Ambrose", StudyInstanceUID="1.2.826.0.1.3680043.2.1125.9.2"))
    source = replace(picture.source, series=(replace(series, files=(*series.files, other), frames=(*series.frames, 1)),))
    study = case.with_value("image", replace(picture, source=source)).without("record", "note")
    told = take_away.prepare(study, result, pipeline.load("chest_xray").spec, None)
    with zipfile.ZipFile(io.BytesIO(told.package())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(files) == ["0001.dcm", "0002.dcm", "report.json"]
    assert set(json.loads(files["report.json"])["files"]) >= {"0001.dcm", "0002.dcm"}
    assert len({dcmread(io.BytesIO(files[name])).StudyInstanceUID for name in ("0001.dcm", "0002.dcm")}) == 1
    assert not found_in(b"".join(files.values()))


def dicom_case(folder: Path, note: str = "", record: str = "", name: str = "record.json", **tags: str) -> Case:
    """A case of files as a hospital names them."""
    (folder / "scan.dcm").write_bytes(written(dataset(Modality="CR", BodyPartExamined="CHEST", **tags)))
    files = [folder / "scan.dcm"]
    for ending, text in (("note.txt", note), (name, record)):
        if text:
            (folder / ending).write_text(text)
            files.append(folder / ending)
    return read_case(files, pipeline.load("chest_xray").spec)


def prepared(case: Case) -> TakeAway:
    loaded = pipeline.load("chest_xray")
    return take_away.prepare(case, loaded.analyze(case), loaded.spec, None)


@pytest.mark.parametrize("sample", ["with_prior", "frames", "dicom_record_note", "fhir_and_note", "picture_alone"])
def test_every_report_of_a_sample_is_made(sample: str) -> None:
    taken = prepared(read_case([REPO / "sample_data" / "chest_xray" / sample], pipeline.load("chest_xray").spec))
    text = findings.draft(taken.result, taken.spec)
    made = [taken.html(text), taken.pdf(text), taken.json(), taken.fhir(text), taken.package()]
    made += [taken.structured_report(text), taken.capture()] if taken.study is not None else []
    assert taken.clean and all(made)


def test_tags_that_say_what_a_report_says_anyway_do_not_stop_it_and_names_among_them_do(tmp_path: Path) -> None:
    ordinary = {
        "StudyDescription": "Chest X-ray", "InstitutionalDepartmentName": "Radiology", "AdmittingDiagnosesDescription": "COVID-19",
        "SeriesDescription": "THORAX", "RequestedProcedureDescription": "Diagnostic imaging study",
    }  # fmt: skip
    taken = prepared(dicom_case(tmp_path, "Dry cough for five days.", **ordinary))
    text = findings.draft(taken.result, taken.spec)
    assert all((taken.html(text), taken.pdf(text), taken.json(), taken.fhir(text), taken.structured_report(text), taken.capture()))
    with zipfile.ZipFile(io.BytesIO(taken.package())) as archive:
        assert not any(word in archive.read("0001.dcm") for word in (b"Chest X-ray", b"Radiology", b"THORAX", b"COVID"))
    with pytest.raises(InputError, match=r"Study Description \(0008,1030\)") as caught:
        prepared(dicom_case(tmp_path, StudyDescription="Gallimaufry ward round")).html("Seen on the Gallimaufry ward round: 2 opacities.")
    assert "findings" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("record.json", '{"patientName": "Zwingli, Horatia", "age": 61}'),
        ("record.csv", "Patient Name,age\nHoratia Zwingli,61\n"),
        ("record.json", '{"resourceType": "Patient", "name": [{"family": "Zwingli", "given": ["Horatia"]}], "gender": "female"}'),
    ],
)
def test_names_that_only_the_record_gives_go_from_the_note_and_all_that_quotes_it(tmp_path: Path, name: str, record: str) -> None:
    taken = prepared(dicom_case(tmp_path, "horatia zwingli coughs for three days; Horatia is tired.", record, name))
    text = findings.draft(taken.result, taken.spec) + "\nhoratia is better after 2 days"
    everything = [data.lower() for _, data in exports(taken, text)]
    assert taken.clean and not any(word in data for data in everything for word in (b"horatia", b"zwingli"))
    assert taken.case.records == ()


def test_names_stay_known_when_another_file_joins_the_case(tmp_path: Path) -> None:
    from pages.shared import verdicts

    spec = pipeline.load("chest_xray").spec
    record = b'{"patient_name": "Zwingli", "age": 61}'
    first, _ = verdicts.read({"record.json": record}, spec)
    case, _ = verdicts.read({"note.txt": b"zwingli coughs for three days."}, spec, first)
    assert case is not None and case.records == (record,)
    assert b"zwingli" not in prepared(case).json().lower()


def test_the_clean_copy_of_a_photo_holds_it_without_what_stood_beside_the_pixels(tmp_path: Path) -> None:
    loaded = pipeline.load("skin_lesion")
    case = read_case([REPO / "sample_data" / "medical" / "clear_nevus"], loaded.spec)
    told = take_away.prepare(case, loaded.analyze(case), loaded.spec, None)
    with zipfile.ZipFile(io.BytesIO(told.package())) as archive:
        assert sorted(archive.namelist()) == ["image.png", "report.json"]
        image = Image.open(io.BytesIO(archive.read("image.png")))
    assert image.size == case.inputs["image"].value.size and not image.info and not image.getexif()


def test_a_report_without_names_does_not_tell_when_it_was_made(tmp_path: Path) -> None:
    report = dcmread(io.BytesIO(prepared(dicom_case(tmp_path, StudyDate="20200301")).structured_report("1")))
    year = {str(item.value)[:4] for item in report.iterall() if item.VR in ("DA", "DT") and item.value}
    assert year and str(date.today().year) not in year


def test_a_patient_called_like_an_author_in_the_licence_gets_a_report_and_is_taken_out_of_the_note() -> None:
    loaded = pipeline.load("skin_lesion")
    case = read_case([REPO / "sample_data" / "medical" / "clear_nevus"], loaded.spec)
    named = replace(case, records=(b'{"patient_name": "Pacheco"}',))
    told = take_away.prepare(named, loaded.analyze(named), loaded.spec, None)
    assert "Pacheco et al." in told.html("1").decode() and "Pacheco" not in told.findings("Seen with Pacheco: 1 mole.")


def test_a_diagnosis_in_the_tags_stays_a_word_of_the_answer(tmp_path: Path) -> None:
    taken = prepared(dicom_case(tmp_path, "Dry cough for five days.", AdmittingDiagnosesDescription="COVID-19"))
    said = " ".join(taken.result.explanation.reasoning)
    assert "COVID-19" in said and "[number]" not in said
