import json

from fhir.resources.R4B.diagnosticreport import DiagnosticReport
from fhir.resources.R4B.observation import Observation

from mmcore.report import fhir, findings, origin
from tests.figures.results import SPEC, case, result


def test_it_is_a_preliminary_report_that_reads_back_with_every_probability():
    text = fhir.render(result(), SPEC, case(), "The photo gives 30 points.", "ANON-1")
    report = DiagnosticReport.model_validate_json(text)
    assert report.status == "preliminary" and report.subject.identifier.value == "ANON-1"
    observations = [item for item in report.contained if isinstance(item, Observation)]
    assert [float(item.valueQuantity.value) for item in observations] == [0.60, 0.25, 0.15]
    assert [item.reference for item in report.result] == [f"#{item.id}" for item in observations]


def test_what_was_changed_by_hand_is_in_the_conclusion():
    document = json.loads(fhir.render(result(changed=("age 24 → 61",)), SPEC, case(), ""))
    assert "Changed by hand: age 24 → 61." in document["conclusion"]


def test_notice_grade_licence_and_hashes_are_in_it_and_findings_are_a_draft():
    document = json.loads(fhir.render(result(), SPEC, case(), "The photo gives 30 points."))
    notes = [note["text"] for note in document["contained"][0]["note"]]
    assert notes == [f"{what}: {said}" for what, said in origin.facts(result(), case())]
    assert "Origin: generated, not a real patient" in notes and "Case: generated, not a real patient." in document["conclusion"]
    assert findings.DRAFTED in document["conclusion"] and "The photo gives 30 points." in document["conclusion"]
    assert "Not a medical device." in document["conclusion"] and "subject" not in document
