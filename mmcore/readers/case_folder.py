"""One case, however it is given: a case folder, its case.toml, a zip of it, the files themselves, or a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mmcore.case import Case, Input, Picture
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.archive import read_zip
from mmcore.readers.case_file import CASE_FILE, read_case_file
from mmcore.readers.case_inputs import build_case, finish_case, only_modality, read_input
from mmcore.readers.files import inside, is_file, is_folder, list_files, read_file
from mmcore.readers.limits import LIMITS, Limits, megabytes
from mmcore.readers.names import base_name, extension, find_name, ignored, safe_parts, shown, stem
from mmcore.readers.signature import PICTURE_ENDINGS, PICTURES, TABLE_ENDINGS, TEXT_ENDINGS, UNREAD_PICTURES, sniff
from mmcore.readers.stray import stray_texts
from mmcore.readers.study import Instance, choose, sort_out, source_of

__all__ = ["build_case", "read_case", "read_case_bytes", "records_of", "with_study"]

PRIOR = "The prior study"

Loader = Callable[[], bytes]


def read_case(given: Path | str | Sequence[Path | str], spec: ModelSpec, limits: Limits = LIMITS) -> Case:
    """The case in ``given``, one path or several: a case folder, its case.toml, a zip of a case folder, or the files themselves.

    The case has every modality of ``spec`` in its order; one not given is an empty `Input`. A folder without case.toml is the
    files in it.

    Raises:
        InputError: a file cannot be read or used, two files are of one kind, or no modality is left. Its text names the file.
    """
    listed = [given] if isinstance(given, Path | str) else list(given)
    if not listed or "" in listed:
        raise InputError("no file is given", "Give a case folder, its case.toml, or the files themselves")
    paths = [Path(path) for path in listed]
    if len(paths) == 1:
        path = paths[0]
        folder = path if is_folder(path) else path.parent if path.name == CASE_FILE and is_file(path) else None
        if folder is not None:
            files = {name: partial(_load, folder, name, limits) for name in list_files(folder, limits.case_files)}
            return _assemble(files, spec, limits, shown(folder.resolve().name), strict=True)
        data = read_file(path, limits)
        if sniff(data[:4096]) == "zip":
            return _from_zip(data, path.name, spec, limits)
        return _assemble({path.name: lambda: data}, spec, limits, shown(stem(path.name)), strict=True)
    folder = next((path for path in paths if is_folder(path)), None)
    if folder is not None:
        raise InputError(f"{shown(folder.name)} is a folder among files", "Give one case folder, or files only")
    loaders = _unique_names([(path.name, partial(read_file, path, limits)) for path in paths])
    return _assemble(loaders, spec, limits, shown(stem(paths[0].name)), strict=False)


def read_case_bytes(files: Mapping[str, bytes], spec: ModelSpec, limits: Limits = LIMITS) -> Case:
    """`read_case` for uploads. Names are labels only: a case.toml finds its files by path or, where that is unique, by base name."""
    named = {name: data for name, data in files.items() if not ignored(name)}
    if not named:
        raise InputError("no file is given", "Give the files of one case")
    if len(named) > limits.case_files:
        raise InputError(f"more than {limits.case_files} files are given", "Give one case, or use batch for many")
    name, data = next(iter(named.items()))
    if len(named) == 1 and sniff(data[:4096]) == "zip":
        return _from_zip(data, name, spec, limits)
    loaders = _unique_names([(_label(name), partial(bytes, data)) for name, data in named.items()])
    return _assemble(loaders, spec, limits, shown(stem(name)), strict=False)


def _load(folder: Path, name: str, limits: Limits) -> bytes:
    return read_file(inside(folder, name), limits)


def _from_zip(data: bytes, name: str, spec: ModelSpec, limits: Limits) -> Case:
    files = read_zip(data, limits)
    if len(files) > limits.case_files:
        raise InputError(f"{shown(name)} holds more than {limits.case_files} files", "Give one case, or use batch for many")
    return _assemble({key: partial(bytes, content) for key, content in files.items()}, spec, limits, shown(stem(name)), strict=True)


def _label(name: str) -> str:
    """A path from an upload; one that climbs out is cut down to its base name."""
    try:
        return "/".join(safe_parts(name))
    except InputError:
        return base_name(name) or "file"


def _unique_names(pairs: Sequence[tuple[str, Loader]]) -> dict[str, Loader]:
    files = dict(pairs)
    if len(files) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"two files are called {shown(twice)}", "Give each file once")
    return files


def _assemble(files: Mapping[str, Loader], spec: ModelSpec, limits: Limits, title: str, strict: bool) -> Case:
    """The case in named files. ``strict``: a case.toml's paths must be exact; else a unique base name will do."""
    described = [name for name in files if base_name(name) == CASE_FILE]
    if len(described) > 1:
        raise InputError(f"there are {len(described)} {CASE_FILE} files: these are several cases", "Give one case, or use batch for many")
    if not files:
        raise InputError("the folder holds no files", "Give a case folder with a picture, a record, or both")
    if not described:
        return _undescribed(files, spec, limits, title, packed=strict)
    about = read_case_file(files[described[0]](), spec, limits)
    within, used = described[0][: -len(CASE_FILE)], set(described)

    def read(table: str, paths: Mapping[str, str]) -> tuple[dict[str, Input], tuple[bytes, ...]]:
        found = {m: _resolve(files, within, path, strict, f"[{table}] {m}") for m, path in paths.items()}
        used.update(found.values())
        data = {m: files[key]() for m, key in found.items()}
        return {m: read_input(m, spec.inputs[m], data[m], paths[m], limits) for m in found}, records_of(data, spec)

    inputs, records = read("inputs", about.inputs)
    case = replace(finish_case(inputs, spec, about, title), records=records)
    prior = finish_case(read("prior", about.prior)[0], spec, replace(about, title=PRIOR, notes={})) if about.prior else None
    return replace(case, prior=prior, unused={name: f"{CASE_FILE} does not name it" for name in files if name not in used})


def _undescribed(files: Mapping[str, Loader], spec: ModelSpec, limits: Limits, title: str, packed: bool) -> Case:
    """Each file by what it holds; of several DICOM files, which are a study, one is looked at and the others kept beside it.

    Args:
        packed: the files are an archive or a folder, so a text among them may have nothing to do with the case.
    """
    held = {name: load() for name, load in files.items()}
    study = {name: data for name, data in held.items() if sniff(data[:4096]) == "DICOM"}
    pictures, unused = sort_out(study, limits) if len(study) > 1 else ([], {})
    unused |= stray_texts(held) if packed and len(held) > 1 else {}
    beside = {item.name for item in pictures} - {choose(pictures)[0]} if pictures else set()
    chosen = _by_content({name: data for name, data in held.items() if name not in {*unused, *beside}}, spec)
    inputs = {m: read_input(m, spec.inputs[m], held[name], name, limits) for m, name in chosen.items()}
    if len(pictures) > 1:
        modality = only_modality("picture", spec)
        inputs[modality] = with_study(inputs[modality], pictures, held, chosen[modality], limits)
    records = records_of({m: held[name] for m, name in chosen.items()}, spec)
    return replace(finish_case(inputs, spec, None, title), unused=unused, records=records)


def records_of(files: Mapping[str, bytes], spec: ModelSpec) -> tuple[bytes, ...]:
    """Of the files by modality those of records."""
    return tuple(data for modality, data in files.items() if spec.inputs[modality].kind == "record")


def with_study(item: Input, instances: Sequence[Instance], files: Mapping[str, bytes], name: str, limits: Limits = LIMITS) -> Input:
    """The picture read from the file called ``name``, with the rest of its study to step through and a word on it."""
    said = choose(instances)[1]
    source = source_of(instances, {one.name: files[one.name] for one in instances}, name, limits.study_bytes)
    more = f"the study is larger than {megabytes(limits.study_bytes)}: only this picture is kept" if source is None else ""
    warnings = (*(text for text in (said, more) if text), *item.warnings)
    if source is None or not isinstance(item.value, Picture):
        return Input(item.value, warnings)
    return Input(replace(item.value, source=source), warnings)


def _resolve(files: Mapping[str, Loader], within: str, path: str, strict: bool, place: str) -> str:
    try:
        exact = within + "/".join(safe_parts(path))
        if exact in files:
            return exact
        if strict:
            raise InputError(f"{shown(path)} is not there", "Check the path: it is relative to the case's folder")
        return find_name(frozenset(files), path)
    except InputError as error:
        raise InputError(f"{CASE_FILE} {place}: {error.message}", error.hint) from error


def _by_content(files: Mapping[str, bytes], spec: ModelSpec) -> dict[str, str]:
    """modality -> file by what each file holds."""
    chosen: dict[str, str] = {}
    for name, data in files.items():
        modality = only_modality(_kind(name, data, spec), spec, name)
        if modality in chosen:
            both = f"{shown(chosen[modality])} and {shown(name)}"
            raise InputError(f"{both} are both a {spec.inputs[modality].kind}", "Give one case, or use batch for many")
        chosen[modality] = name
    return chosen


def _kind(name: str, data: bytes, spec: ModelSpec) -> str:
    """ "picture", "record" or "text": by content, and by the name's ending only where the content does not say.

    A PDF, or a plain text that is neither JSON nor called a table, is a text where the model takes one.
    """
    content, ending = sniff(data[:4096]), extension(name)
    takes = {item.kind for item in spec.inputs.values()}
    if content == "PDF" and "text" in takes:
        return "text"
    if content in (*PICTURES, *UNREAD_PICTURES) or ending in PICTURE_ENDINGS:
        return "picture"
    object_or_list = content == "text" and data.lstrip()[:1] in (b"{", b"[")
    if "text" in takes and not (object_or_list and "record" in takes):
        if content == "text" and ending not in TABLE_ENDINGS - TEXT_ENDINGS:
            return "text"
        if ending in TEXT_ENDINGS:
            return "text"
    if object_or_list or (ending in TABLE_ENDINGS and content in ("text", "empty", "unknown")):
        return "record"
    if content in ("unknown", "empty"):
        return "picture"
    known = "neither a picture nor a record" if "text" not in takes else "no picture, record, plain text or PDF"
    raise InputError(f"{shown(name)} is {known}", "Leave it out, or name the files in a case.toml")
