"""What became of each file that was given: accepted, accepted with a warning, or refused and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mmcore.case import Case, Input
from mmcore.errors import InputError
from mmcore.model_spec import InputSpec, ModelSpec
from mmcore.readers.archive import read_zip
from mmcore.readers.case_file import CASE_FILE
from mmcore.readers.case_folder import read_case_bytes, records_of, with_study
from mmcore.readers.case_inputs import read_input
from mmcore.readers.limits import LIMITS
from mmcore.readers.names import base_name, shown
from mmcore.readers.same_patient import DOUBT, with_doubts
from mmcore.readers.signature import sniff
from mmcore.readers.stray import stray_texts
from mmcore.readers.study import Instance, choose, sort_out
from mmcore.report import reading
from mmcore.wording import in_sentence, listing, sentence

ACCEPTED, WARNED, REFUSED = "accepted", "warned", "refused"
TAKEN = ", taken as missing"  # how a warning about an entry ends
READ = "Read as"  # how the text on a file begins that became an input


@dataclass(frozen=True)
class Verdict:
    """On one file: its state, and what to know or to mend."""

    name: str
    state: str
    text: str


def read(files: Mapping[str, bytes], spec: ModelSpec, before: Case | None = None) -> tuple[Case | None, tuple[Verdict, ...]]:
    """The case in ``files`` and a verdict on each.

    A file for an input that ``before`` already has starts a new case; a file for one that it lacks joins it.

    Returns:
        None for the case where nothing could be used.
    """
    try:
        members = _members(files)
    except InputError as error:
        name = next(iter(files))
        return None, (Verdict(shown(name), REFUSED, _without_name(error, name)),)
    if any(base_name(name) == CASE_FILE for name in members):
        return _read_whole(files, spec)
    files, packed = members, members is not files or any("/" in name for name in members)
    inputs: dict[str, tuple[str, Input]] = {}
    verdicts = []
    study, aside = _study(files)
    aside |= _unused(stray_texts(files)) if packed and len(files) > 1 else {}
    for name, data in files.items():
        if name in aside:
            verdicts.append(Verdict(shown(name), WARNED, aside[name]))
            continue
        try:
            verdicts.append(_read_one(name, data, spec, inputs))
        except InputError as error:
            verdicts.append(Verdict(shown(name), REFUSED, _nothing_known(name, data, spec) or _without_name(error, name)))
    if not inputs:
        return None, tuple(verdicts)
    _with_study(inputs, files, study)
    names = {modality: base_name(name) for modality, (name, _) in inputs.items()}
    ordered = {m: inputs[m][1] if m in inputs else Input() for m in spec.modalities}
    records = records_of({m: files[name] for m, (name, _) in inputs.items()}, spec)
    case = with_doubts(Case(ordered, title=case_title(names, spec), files=names, records=records))
    if before and _joins(inputs, before):
        case, verdicts = _joined(case, before, spec), _told(verdicts, f"Added to {_called(before)}; “Forget these files” starts anew.")
    elif before and (lost := [m for m in before.present if m not in inputs]):
        missing = listing([f"the {in_sentence(spec.inputs[m].title)}" for m in lost])
        verdicts = _told(verdicts, f"It starts a new case, without {missing} of {_called(before)}; give them together to keep both.")
    return case, tuple(verdicts)


def doubted(case: Case, spec: ModelSpec) -> list[Verdict]:
    """What in the case speaks against its files being of one patient."""
    found = []
    for modality, item in case.inputs.items():
        about = spec.inputs[modality]
        told = [sentence(reading.warning(about, text)) for text in item.warnings if text.endswith(DOUBT)]
        found += [Verdict(about.title, WARNED, " ".join(told))] if told else []
    return found


def _joins(inputs: Iterable[str], before: Case) -> bool:
    return not set(inputs) & set(before.present)


def _joined(case: Case, before: Case, spec: ModelSpec) -> Case:
    """The case before with what it lacked, called after all its files."""
    names = {**before.files, **case.files}
    title = case_title(names, spec) if before.files else f"{before.title} + {' + '.join(case.files.values())}"
    inputs = {m: case.inputs[m] if case.inputs[m].present else before.inputs[m] for m in spec.modalities}
    return with_doubts(replace(case, inputs=inputs, title=title, files=names, records=(*before.records, *case.records)))


def _called(case: Case) -> str:
    """A case by its files."""
    return shown(" + ".join(case.files.values()) or case.title)


def _told(verdicts: Iterable[Verdict], said: str) -> list[Verdict]:
    """The same, saying of what was read what it has to do with the case before: the two may be of different people."""
    return [v if v.state == REFUSED or not v.text.startswith(READ) else replace(v, text=f"{v.text} {said}") for v in verdicts]


def case_title(names: Mapping[str, str], spec: ModelSpec) -> str:
    """What a case is called: "Your case: a.dcm + note.txt"."""
    listed = [shown(names[modality], 40) for modality in spec.modalities if modality in names]
    return f"Your case: {' + '.join(listed)}"


def by_name(given: Iterable[tuple[str, bytes]]) -> tuple[dict[str, bytes], tuple[Verdict, ...]]:
    """The files by their names, and a refusal for each whose name another file has: which of the two is meant cannot be told."""
    listed = list(given)
    often = Counter(name for name, _ in listed)
    files = {name: data for name, data in listed if often[name] == 1}
    text = "Several files have this name. Give one of them, or rename the others."
    return files, tuple(Verdict(shown(name), REFUSED, text) for name, count in often.items() if count > 1)


def _members(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """What a single zip holds; any other files as they are."""
    only = next(iter(files.values())) if len(files) == 1 else b""
    members = read_zip(only) if sniff(only[:4096]) == "zip" else files
    if len(members) > LIMITS.case_files:
        raise InputError(f"more than {LIMITS.case_files} files are given", "Give one case, or use “Many at once”")
    return members


def _study(files: Mapping[str, bytes]) -> tuple[list[Instance], dict[str, str]]:
    """The pictures of a study, and of its files that are not analysed: name -> why. Both empty where no study is given."""
    dicom = {name: data for name, data in files.items() if sniff(data[:4096]) == "DICOM"}
    if len(dicom) < 2:
        return [], {}
    pictures, unused = sort_out(dicom)
    best = choose(pictures)[0] if pictures else ""
    kept = f"Kept beside it, as the study holds {len(pictures)} pictures. Under the picture stands which is analysed: choose another there."
    return pictures, {**_unused(unused), **{item.name: kept for item in pictures if item.name != best}}


def _unused(reasons: Mapping[str, str]) -> dict[str, str]:
    return {name: f"Not used: {sentence(why)}" for name, why in reasons.items()}


def _with_study(inputs: dict[str, tuple[str, Input]], files: Mapping[str, bytes], study: list[Instance]) -> None:
    """The picture that was read gets the rest of its study to step through."""
    for modality, (name, item) in inputs.items():
        if any(picture.name == name for picture in study):
            inputs[modality] = (name, with_study(item, study, files, name))


def _read_whole(files: Mapping[str, bytes], spec: ModelSpec) -> tuple[Case | None, tuple[Verdict, ...]]:
    name = next((n for n in files if base_name(n) == CASE_FILE), next(iter(files)))
    try:
        case = read_case_bytes(files, spec)
    except InputError as error:
        return None, (Verdict(shown(name), REFUSED, _without_name(error, name)),)
    listed = [_verdict(spec.inputs[m].title, spec.inputs[m], case.inputs[m]) for m in case.present]
    return case, (*listed, *(Verdict(shown(n), WARNED, text) for n, text in _unused(case.unused).items()))


def _read_one(name: str, data: bytes, spec: ModelSpec, inputs: dict[str, tuple[str, Input]]) -> Verdict:
    case = read_case_bytes({name: data}, spec)
    modality = case.present[0]
    title = spec.inputs[modality].title
    if modality in inputs:
        text = f"{shown(inputs[modality][0])} already is the {in_sentence(title)} of this case."
        return Verdict(shown(name), REFUSED, f"{text} Give one case at a time, or use “Many at once”.")
    inputs[modality] = (name, case.inputs[modality])
    return _verdict(name, spec.inputs[modality], case.inputs[modality])


def _nothing_known(name: str, data: bytes, spec: ModelSpec) -> str:
    """What was wrong with every entry of a record of which nothing could be used; "" where the file is no such record."""
    for modality, item in spec.inputs.items():
        if item.kind == "record":
            try:
                read = read_input(modality, item, data, name, LIMITS)
            except InputError:
                continue
            told = [w for w in read.warnings if not w.startswith(f"{modality}:")]
            wrong = [sentence(reading.warning(item, w).removesuffix(TAKEN)) for w in told]
            return " ".join(["Nothing in it can be used.", *wrong, f"Columns that it may have: {', '.join(f.name for f in item.fields)}."])
    return ""


def _verdict(name: str, about: InputSpec, item: Input) -> Verdict:
    read = f"{READ} the {in_sentence(about.title)}."
    noticed = [sentence(reading.warning(about, warning)) for warning in item.warnings if not warning.endswith(DOUBT)]
    return Verdict(shown(name), WARNED if noticed else ACCEPTED, " ".join([read, *noticed]))


def _without_name(error: InputError, name: str) -> str:
    """The error as sentences; the file's name stands beside it already."""
    message = error.message.removeprefix(f"{shown(name)}: ")
    return f"{sentence(message)} {sentence(error.hint)}".strip()
