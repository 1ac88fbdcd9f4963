"""File, column and other names that a user gave: shown safely, split safely."""

from __future__ import annotations

import unicodedata

from mmcore.errors import InputError

# Control and invisible characters, text direction overrides, lone surrogates: they garble a line of text.
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def shown(text: object, length: int = 60) -> str:
    """``text`` on one line without control or invisible characters, cut to ``length`` characters."""
    raw = str(text)[: 4 * length]
    line = " ".join("".join(" " if unicodedata.category(c) in UNSHOWN else c for c in raw).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def base_name(name: str) -> str:
    """The last part of a path written with slashes of either kind."""
    return name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def extension(name: str) -> str:
    """Lower-case ending of a name, such as "jpg"; "" where it has none."""
    stem, dot, ending = base_name(name).rpartition(".")
    return ending.lower() if dot and stem else ""


def stem(name: str) -> str:
    """The last part of a path without its ending."""
    base = base_name(name)
    return base.rsplit(".", 1)[0] or base


def ignored(name: str) -> bool:
    """True for hidden files and for what operating systems leave behind (.DS_Store, __MACOSX, Thumbs.db)."""
    parts = name.replace("\\", "/").split("/")
    return any(part.lower() in SYSTEM_FILES or (part.startswith(".") and part not in (".", "..")) for part in parts)


def safe_parts(name: str) -> tuple[str, ...]:
    """The parts of a relative path; InputError where it is absolute, climbs out or holds a null character."""
    path = name.replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if path.startswith("/") or (len(path) > 1 and path[1] == ":") or ".." in parts or "\0" in path:
        raise InputError(f"the path {shown(name)} leads out of its folder", "Use a relative path inside the folder")
    if not parts:
        raise InputError("a path is empty", "Give a relative path inside the folder")
    return parts


def find_name(names: frozenset[str], wanted: str) -> str:
    """The one of ``names`` that ``wanted`` means: the same path, else the only one that ends in it, else the only one of its base name.

    Raises:
        InputError: where none or more than one fits, or the path leads out of its folder.
    """
    path = "/".join(safe_parts(wanted))
    if path in names:
        return path
    by_end = sorted(name for name in names if name.endswith("/" + path))
    by_base = sorted(name for name in names if base_name(name) == base_name(path))
    for found in (by_end, by_base):
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f"{shown(wanted)} could be {shown(found[0])} or {shown(found[1])}", "Give the whole path")
    raise InputError(f"{shown(wanted)} is not there", "Check the path, or add the file")
