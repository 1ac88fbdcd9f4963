"""Everything that leaves the page about one case, without what says whose it is: prepared once, then written in each form."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pydicom import Dataset
from pydicom.datadict import dictionary_description, dictionary_has_tag
from pydicom.uid import ComputedRadiographyImageStorage

from mmcore.case import Case, Input, Picture, Record, Text
from mmcore.domains.medical.by_hand import changes
from mmcore.domains.medical.deidentify import burned_in, dicom, files, leftovers, notes, records
from mmcore.domains.medical.deidentify.identifiers import NAME, WORDS, Identifier
from mmcore.domains.medical.deidentify.remap import Remap
from mmcore.domains.medical.deidentify.report import FileReport, Removed, document
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.limits import LIMITS
from mmcore.readers.quiet import quiet
from mmcore.report import dicom_capture, dicom_sr, fhir, findings, html, pdf
from mmcore.report.document import text as json_text
from mmcore.report.picture import png
from mmcore.result import Evidence, Explanation, Result

OLDEST = 89
"""A higher age is given as this many and more: so few are older that it names them."""
_UNFIT = ("the tags of this DICOM file do not fit the standard: no report can be joined to it", "Take the PDF or the FHIR report")
_TAG = re.compile(r"\(([0-9A-Fa-f]{4}),([0-9A-Fa-f]{4})\)")
DICOM_ALONE = "A structured report refers to the DICOM picture that it is about: this case has none."


@dataclass(frozen=True)
class TakeAway:
    """What may leave.

    Attributes:
        case, result: as they came, or without what identifies.
        study: data set of the DICOM picture that reports join; None where there is none.
        copies: name -> a file of the case itself.
        reports: name -> what was taken out of it; empty where nothing was to be.
        known: what names are taken out of texts; stays in memory, as ``traces`` does: what is looked for in everything written.
        said: what was taken out of the note, to be taken out of sentences that quote it too; stays in memory.
        frame: of the DICOM picture, the one looked at, from 1.
        rest: makes copies of the study's other files; only the whole package needs them, and they take their time.
    """

    case: Case
    result: Result
    spec: ModelSpec
    study: Dataset | None
    copies: Mapping[str, bytes]
    reports: Mapping[str, FileReport]
    known: tuple[Identifier, ...] = ()
    traces: tuple[Identifier, ...] = ()
    said: tuple[Identifier, ...] = ()
    frame: int = 1
    rest: Callable[[], Mapping[str, dicom.CleanDicom]] = dict

    @property
    def clean(self) -> bool:
        """True where nothing was found left."""
        return all(report.clean for report in self.reports.values())

    @property
    def pictures(self) -> list[str]:
        return [name for name, item in self.case.inputs.items() if isinstance(item.value, Picture)]

    def findings(self, text: str) -> str:
        """A person's findings, without what identifies where this is asked for."""
        return notes.clean(text, (*self.known, *self.said)).text if self.reports else text

    def html(self, text: str, created: str = "") -> bytes:
        """Without the day it was made on where nobody is named: it may be the day of the picture."""
        when = "" if self.reports else created
        return self._checked(html.render(self.result, self.spec, self.case, when, self.findings(text)).encode(), text)

    def pdf(self, text: str, created: str = "") -> bytes:
        self.html(text, created)  # says the same in bytes that can be searched
        return pdf.render(self.result, self.spec, self.case, self.findings(text), "" if self.reports else created)

    def json(self) -> bytes:
        return self._checked(json_text(self.result).encode())

    def fhir(self, text: str) -> bytes:
        subject = str(self.study.get("PatientID", "")) if self.study is not None else ""
        return self._checked(fhir.render(self.result, self.spec, self.case, self.findings(text), subject).encode(), text)

    @quiet()
    def structured_report(self, text: str) -> bytes:
        """InputError where the case has no DICOM picture."""
        if self.study is None:
            raise InputError(DICOM_ALONE.rstrip("."), "Take the PDF or the FHIR report")
        try:
            done, frames = self.findings(text), int(self.study.get("NumberOfFrames") or 1)
            frame = self.frame if frames > 1 else None
            data = dicom_sr.render(self.result, self.spec, self.case, self.pictures[0], done, self.study, frame)
        except DECODER_ERRORS as error:
            raise InputError(*_UNFIT) from error
        return self._checked(data, text)

    @quiet()
    def capture(self) -> bytes:
        """InputError where the case has no picture."""
        if not self.pictures:
            raise InputError("the case has no picture", "Take the PDF or the FHIR report")
        try:
            data = dicom_capture.render(self.result, self.case, self.pictures[0], self.study, "ANON" if self.reports else "")
        except DECODER_ERRORS as error:
            raise InputError(*_UNFIT) from error
        return self._checked(data)

    def package(self) -> bytes:
        """The copies, those of the rest of the study too, and their report as one zip. A file in which something is left is not in it."""
        buffer, more = io.BytesIO(), self.rest()
        copies = {**self.copies, **{name: done.data for name, done in more.items() if done.report.clean}}
        named = replace(self, traces=tuple(item for item in self.traces if item.kind != WORDS))  # of descriptions each copy was searched
        whole = replace(self, reports={**self.reports, **{name: done.report for name, done in more.items()}})
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in copies.items():
                archive.writestr(zipfile.ZipInfo(name), named._checked(data))
            archive.writestr(zipfile.ZipInfo("report.json"), whole.report())
        return buffer.getvalue()

    def report(self) -> bytes:
        return self._checked((json.dumps(document(self.reports), indent=2, ensure_ascii=False) + "\n").encode())

    def _checked(self, data: bytes, text: str = "") -> bytes:
        """The second look, at what is handed out itself."""
        if left := leftovers.in_bytes(data, self.traces):
            typed = "Take out of the findings what names the patient"
            hint = typed if leftovers.in_text(text, self.traces) else "Take the clean copy (ZIP), or another form of the report"
            raise InputError(f"not handed out: a value of {', '.join(map(_tag_named, left))} is still in it", hint)
        return data


def prepare(
    case: Case, result: Result, spec: ModelSpec, read_words: burned_in.Reader | None, identify: bool = False, came: Case | None = None
) -> TakeAway:
    """The case and its result, ready to be written.

    Args:
        identify: True leaves everything as it is, for those who may keep it.
        came: the case before anybody changed it by hand; None where nobody did.

    Raises:
        InputError: a DICOM file of the case cannot be de-identified.
    """
    given = _files(case)
    changed = changes(came, case, spec, float("inf") if identify else OLDEST) if came is not None else ()
    if identify:
        study = dicom.parsed(given[0]) if given else None
        copies = {f"{number:04}.dcm": data for number, data in enumerate(given, 1)}
        return TakeAway(case, replace(result, changed=changed), spec, study, copies, {}, frame=_frame(case))
    remap, told = Remap(), [item for data in case.records for item in records.known_of(data)]
    every = dict.fromkeys([*files.known_of(given), *told])
    own = _own(case, result, spec) if every else b""  # what the report of any case says is no trace of this one
    traces = tuple(item for item in every if not leftovers.in_bytes(own, [item]))
    known = tuple(item for item in every if item.kind == NAME or item in traces)
    cleaned = {f"{number:04}.dcm": dicom.clean(data, remap, read_words, LIMITS, known) for number, data in enumerate(given[:1], 1)}
    reports = {name: done.report for name, done in cleaned.items()}
    copies = {name: done.data for name, done in cleaned.items() if done.report.clean}
    inputs = {name: _input(name, item, known, read_words, reports) for name, item in case.inputs.items()}
    texts = {name: notes.clean(item.value.text, known) for name, item in case.inputs.items() if isinstance(item.value, Text)}
    said = tuple(item for name, done in texts.items() for item in _said(case.inputs[name].value.text, done))
    copies |= {f"{name}.txt": (done.text + "\n").encode() for name, done in texts.items()}
    copies |= {f"{name}.png": png(inputs[name].value.pixels) for name, item in case.inputs.items() if _photo(item)}
    title = case.title if case.generated else f"Case {result.case[:8]}"
    tidy = replace(case, inputs=inputs, title=title, notes={}, prior=None, files={}, records=())

    def rest() -> dict[str, dicom.CleanDicom]:
        return {f"{number:04}.dcm": dicom.clean(data, remap, read_words, LIMITS, known) for number, data in enumerate(given[1:], 2)}

    study = next((done.dataset for done in cleaned.values()), None)
    shown = replace(_result(result, tidy, texts, (*known, *said)), changed=changed)
    return TakeAway(tidy, shown, spec, study, copies, reports, known, traces, said, _frame(case), rest)


def _own(case: Case, result: Result, spec: ModelSpec) -> bytes:
    """What the reports say where nothing is known of the case but its record."""
    records = {name: item for name, item in case.inputs.items() if isinstance(item.value, Record)}
    blank, bare = Case(records, generated=case.generated, real=case.real), replace(result, inputs={}, explanation=None)
    study, text = Dataset(), findings.draft(bare, spec)
    study.SOPClassUID = ComputedRadiographyImageStorage
    written = html.render(bare, spec, blank, "", text) + json_text(bare) + fhir.render(bare, spec, blank, text)
    titles = "\n".join(item.title for item in spec.inputs.values())
    return (written + titles).encode() + dicom_sr.render(bare, spec, blank, "", text, study)


def _tag_named(place: str) -> str:
    """(0008,1030) with its name, "Study Description (0008,1030)"; any other place as it is."""
    found = _TAG.findall(place)
    name = dictionary_description(int("".join(found[-1]), 16)) if found and dictionary_has_tag(int("".join(found[-1]), 16)) else ""
    return f"{name} {place}".strip()


def _said(text: str, done: notes.Cleaned) -> list[Identifier]:
    """Every word with a capital and every long number that was taken out of a note; shorter ones would be found everywhere."""
    words = [word for start, stop, _ in done.pieces for word in re.findall(r"\w[\w./@'’-]*\w", text[start:stop])]
    return [Identifier(word, NAME, "note") for word in words if len(word) > 2 and (word[0].isupper() or sum(map(str.isdigit, word)) > 3)]


def _photo(item: Input) -> bool:
    """Whether this is a picture that came as no DICOM file."""
    return isinstance(item.value, Picture) and item.value.source is None


def _files(case: Case) -> list[bytes]:
    """The DICOM files of the case: first the one looked at, then the rest of its study."""
    for item in case.inputs.values():
        source = item.value.source if isinstance(item.value, Picture) else None
        if source is not None:
            rest = [data for series in source.series for data in series.files if data is not source.data]
            return [source.data, *rest]
    return []


def _frame(case: Case) -> int:
    """Number of the frame looked at, from 1."""
    for item in case.inputs.values():
        source = item.value.source if isinstance(item.value, Picture) else None
        if source is not None:
            return 1 + source.series[source.at[0]].locate(source.at[1])[1]
    return 1


def _input(name: str, item: Input, known: tuple[Identifier, ...], read: burned_in.Reader | None, reports: dict[str, FileReport]) -> Input:
    warnings = tuple(notes.clean(warning, known).text for warning in item.warnings)
    value = item.value
    if isinstance(value, Picture):
        pixels, searched = burned_in.clean_picture(value.pixels, read)
        reports[f"picture in reports ({name})"] = FileReport("picture", (), searched)
        return Input(replace(value, pixels=pixels, source=None), warnings)
    if isinstance(value, Text):
        done = notes.clean(value.text, known)
        left = tuple(leftovers.in_text(done.text, known))
        reports[f"{name}.txt"] = FileReport("note", done.removed(name), left=left, looked_for=len(known))
        return Input(Text(done.text), warnings)
    if isinstance(value, Record):
        age = value.values.get("age")
        if isinstance(age, float) and age > OLDEST:
            reports[f"{name} in reports"] = FileReport("record", (Removed(name, "age over 89", "given as 90"),))
            return Input(Record({**value.values, "age": float(OLDEST + 1)}), warnings)
    return Input(value, warnings)


def _result(result: Result, case: Case, texts: Mapping[str, notes.Cleaned], known: tuple[Identifier, ...]) -> Result:
    inputs = {name: replace(report, warnings=case.inputs[name].warnings) for name, report in result.inputs.items()}
    found = result.explanation
    return replace(result, inputs=inputs, explanation=_explanation(found, case, texts, known) if found else None)


def _explanation(found: Explanation, case: Case, texts: Mapping[str, notes.Cleaned], known: tuple[Identifier, ...]) -> Explanation:
    evidence = tuple(_evidence(piece, case, texts) for piece in found.evidence)
    reasoning = tuple(notes.clean(sentence, known).text for sentence in found.reasoning)
    edits = {field: {_young_value(field, v): p for v, p in values.items()} for field, values in found.edits.items()}
    return replace(found, evidence=evidence, reasoning=reasoning, edits=edits)


def _evidence(piece: Evidence, case: Case, texts: Mapping[str, notes.Cleaned]) -> Evidence:
    if piece.modality in texts and "span" in piece.where:
        start, stop = texts[piece.modality].moved((piece.where["span"][0], piece.where["span"][1]))
        return replace(piece, where={"span": [start, stop]}, value=texts[piece.modality].text[start:stop])
    if piece.where.get("field") == "age" and piece.value is not None:
        return replace(piece, value=_young_value("age", piece.value))
    return piece


def _young_value(field: str, value: str) -> str:
    try:
        return str(OLDEST + 1) if field == "age" and float(value) > OLDEST else value
    except ValueError:
        return value
