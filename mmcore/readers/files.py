"""Bytes from disk, within limits and inside the folder they belong to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from mmcore.errors import InputError
from mmcore.readers.limits import Limits, megabytes
from mmcore.readers.names import ignored, safe_parts, shown
from mmcore.readers.signature import sniff

WEB = ("http:", "https:", "ftp:")


def is_folder(path: Path) -> bool:
    """True for a folder; False, where pathlib would raise, for a name too long or with a null character."""
    return os.path.isdir(path)


def is_file(path: Path) -> bool:
    """True for a plain file; False, where pathlib would raise, for a name too long or with a null character."""
    return os.path.isfile(path)


def read_file(path: Path, limits: Limits) -> bytes:
    """The bytes of one file; InputError where it is missing, no plain file or larger than any reader takes."""
    name = shown(path.name)
    try:
        if not is_file(path):
            raise not_there(path)
        with path.open("rb") as stream:
            head = stream.read(4096)
            most = limits.zip_bytes if sniff(head) == "zip" else max(limits.picture_bytes, limits.table_bytes)
            data = head + stream.read(most - len(head) + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise InputError(f"{name} cannot be read", getattr(error, "strerror", None) or "Check the path") from error
    if len(data) > most:
        raise InputError(f"{name} is larger than {megabytes(most)}", "Give a smaller file")
    return data


def not_there(path: Path) -> InputError:
    """What to say of a path at which there is no plain file."""
    name = shown(path.name)
    if path.parts[:1] and path.parts[0].lower() in WEB:
        return InputError(f"{name} lies on the web", "Save it on this machine first: nothing is fetched from the network")
    return InputError(f"{name} is not a file" if os.path.exists(path) else f"{name} is not there", "Check the path")


def inside(folder: Path, relative: str) -> Path:
    """``relative`` in the ``folder`` of a case; InputError where it, or a link on its way, leads out of the folder."""
    path = folder.joinpath(*safe_parts(relative))
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise InputError(f"{shown(relative)} cannot be read", "Check the path") from error
    if not resolved.is_relative_to(folder.resolve()):
        raise InputError(f"{shown(relative)} is a link that leads out of its folder", "Put the file itself into the folder")
    return path


def listed(folder: Path, relative: str) -> Path:
    """``relative`` in the ``folder`` of a data set, whose pictures and clips may be links to where they are kept.

    Raises:
        InputError: where the path itself leads out of the folder.
    """
    return folder.joinpath(*safe_parts(relative))


def list_folder(folder: Path) -> list[Path]:
    """What lies in ``folder``, sorted by name; hidden entries and system leftovers are left out."""
    try:
        return [folder / name for name in sorted(os.listdir(folder)) if not ignored(name)]
    except OSError as error:
        _unreadable(error)


def list_files(folder: Path, most: int) -> list[str]:
    """Relative paths (with slashes) of the files in ``folder`` and below, sorted; hidden ones and system leftovers are left out."""
    found: list[str] = []
    for root, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not ignored(name))
        found += [Path(root, name).relative_to(folder).as_posix() for name in sorted(names) if not ignored(name)]
        if len(found) > most:
            raise InputError(f"the folder {shown(folder.name)} holds more than {most} files", "Give one case, or use batch for many")
    return sorted(found)


def _unreadable(error: OSError) -> NoReturn:
    """Walking goes past a folder it cannot read unless it is told to raise."""
    raise InputError(f"the folder {shown(Path(error.filename).name)} cannot be read", error.strerror or "Check the path") from error
