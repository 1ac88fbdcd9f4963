"""What became of each file that was given: accepted, accepted with a warning, or refused and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from mmcore.case import Case, Input
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.case_file import CASE_FILE
from mmcore.readers.case_folder import read_case_bytes, with_study
from mmcore.readers.case_inputs import read_input
from mmcore.readers.limits import LIMITS
from mmcore.readers.names import base_name, shown
from mmcore.readers.signature import sniff
from mmcore.readers.study import Instance, choose, read_instance
from mmcore.wording import in_sentence

ACCEPTED, WARNED, REFUSED = "accepted", "warned", "refused"


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
    if _whole(files):
        return _read_whole(files, spec)
    inputs: dict[str, tuple[str, Input]] = {}
    verdicts = []
    study = _study(files)
    aside = _beside(files, study)
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
    case = Case({m: inputs[m][1] if m in inputs else Input() for m in spec.modalities}, title="Your case")
    if before is not None and not set(inputs) & set(before.present):
        case = replace(case, inputs={m: case.inputs[m] if m in inputs else before.inputs[m] for m in spec.modalities})
    return case, tuple(verdicts)


def by_name(given: Iterable[tuple[str, bytes]]) -> tuple[dict[str, bytes], tuple[Verdict, ...]]:
    """The files by their names, and a refusal for each whose name another file has: which of the two is meant cannot be told."""
    listed = list(given)
    often = Counter(name for name, _ in listed)
    files = {name: data for name, data in listed if often[name] == 1}
    text = "Several files have this name. Give one of them, or rename the others."
    return files, tuple(Verdict(shown(name), REFUSED, text) for name, count in often.items() if count > 1)


def _study(files: Mapping[str, bytes]) -> dict[str, Instance | None]:
    """The DICOM files with their places in the study; empty where there are fewer than two, or none holds a picture."""
    found = {name: read_instance(name, data) for name, data in files.items() if sniff(data[:4096]) == "DICOM"}
    return found if len(found) > 1 and any(found.values()) else {}


def _beside(files: Mapping[str, bytes], study: Mapping[str, Instance | None]) -> dict[str, str]:
    """Of a study, the files not analysed -> why."""
    if not study:
        return {}
    best, said = choose(instance for instance in study.values() if instance)
    kept = f"Kept beside it: {said}. Another can be chosen under the picture."
    return {name: kept if found else "Left out: it holds no picture." for name, found in study.items() if name != best}


def _with_study(inputs: dict[str, tuple[str, Input]], files: Mapping[str, bytes], study: Mapping[str, Instance | None]) -> None:
    """The picture that was read gets the rest of its study to step through."""
    instances = [found for found in study.values() if found]
    for modality, (name, item) in inputs.items():
        if study.get(name):
            inputs[modality] = (name, with_study(item, instances, {key: partial(bytes, data) for key, data in files.items()}, name))


def _whole(files: Mapping[str, bytes]) -> bool:
    """True where the files describe one case by themselves: a case.toml among them, or a single zip."""
    return any(base_name(name) == CASE_FILE for name in files) or (len(files) == 1 and sniff(next(iter(files.values()))[:4096]) == "zip")


def _read_whole(files: Mapping[str, bytes], spec: ModelSpec) -> tuple[Case | None, tuple[Verdict, ...]]:
    name = next((n for n in files if base_name(n) == CASE_FILE), next(iter(files)))
    try:
        case = read_case_bytes(files, spec)
    except InputError as error:
        return None, (Verdict(shown(name), REFUSED, str(error)),)
    listed = [_verdict(spec.inputs[m].title, spec.inputs[m].title, case.inputs[m]) for m in case.present]
    return case, (*listed, *(Verdict(shown(n), WARNED, f"Not used: {CASE_FILE} does not name it.") for n in case.unused))


def _read_one(name: str, data: bytes, spec: ModelSpec, inputs: dict[str, tuple[str, Input]]) -> Verdict:
    case = read_case_bytes({name: data}, spec)
    modality = case.present[0]
    title = spec.inputs[modality].title
    if modality in inputs:
        text = f"{shown(inputs[modality][0])} already is the {in_sentence(title)} of this case."
        return Verdict(shown(name), REFUSED, f"{text} Give one case at a time, or use “Many at once”.")
    inputs[modality] = (name, case.inputs[modality])
    return _verdict(name, title, case.inputs[modality])


def _nothing_known(name: str, data: bytes, spec: ModelSpec) -> str:
    """What was wrong with every entry of a record of which nothing could be used; "" where the file is no such record."""
    for modality, item in spec.inputs.items():
        if item.kind == "record":
            try:
                read = read_input(modality, item, data, name, LIMITS)
            except InputError:
                continue
            return " ".join(_sentence(w) for w in read.warnings)
    return ""


def _verdict(name: str, title: str, item: Input) -> Verdict:
    if item.warnings:
        return Verdict(shown(name), WARNED, f"Read as the {in_sentence(title)}. {' '.join(_sentence(w) for w in item.warnings)}")
    return Verdict(shown(name), ACCEPTED, f"Read as the {in_sentence(title)}.")


def _without_name(error: InputError, name: str) -> str:
    """The error as sentences; the file's name stands beside it already."""
    message = error.message.removeprefix(f"{shown(name)}: ")
    return f"{_sentence(message)} {_sentence(error.hint)}".strip()


def _sentence(text: str) -> str:
    text = text.strip()
    return "" if not text else text[0].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
