"""The one film or sound that a person names: a file, or a case folder that holds one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mmcore.errors import InputError
from mmcore.readers.case_file import CASE_FILE, CaseFile
from mmcore.readers.files import inside, is_file, is_folder, list_files, not_there
from mmcore.readers.limits import LIMITS
from mmcore.readers.media import MEDIA_ENDINGS
from mmcore.readers.names import extension, shown
from mmcore.settings import parse, read_toml


@dataclass(frozen=True)
class Film:
    """A film of a case.

    Attributes:
        generated: True where a program made it, None where unknown.
        story: a sentence for people.
    """

    path: Path
    title: str = ""
    generated: bool | None = None
    model: str = ""
    story: str = ""


def one_film(paths: Sequence[Path]) -> Film:
    """The film in ``paths``: a file, a case folder, or its case.toml; InputError where there is none or more than one."""
    if len(paths) != 1:
        raise InputError(f"{len(paths)} inputs are given", "Give one film, one sound, or one case folder")
    path = paths[0]
    folder = path if is_folder(path) else path.parent if path.name == CASE_FILE else None
    if folder is None:
        if not is_file(path):
            raise not_there(path)
        return Film(path, path.stem)
    if is_file(folder / CASE_FILE):
        return _described(folder)
    found = [name for name in list_files(folder, LIMITS.case_files) if extension(name) in MEDIA_ENDINGS]
    if len(found) != 1:
        raise InputError(f"{shown(folder.name)} holds {len(found)} films or sounds", "Give a folder with one")
    return Film(folder / found[0], folder.name)


def _described(folder: Path) -> Film:
    case = parse(CaseFile, read_toml(folder / CASE_FILE), CASE_FILE)
    if len(case.inputs) != 1:
        raise InputError(f"{CASE_FILE} names {len(case.inputs)} inputs", 'Name one film, as in film = "clip.mp4"')
    path = inside(folder, next(iter(case.inputs.values())))
    if not is_file(path):
        raise InputError(f"{shown(path.name)} is not there", f"Check {CASE_FILE}")
    return Film(path, case.title, case.generated, case.model, case.notes.get("story", ""))
