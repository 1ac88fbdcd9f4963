"""Texts that are packed with a picture and that nothing says belong to its case, such as the readme of an archive."""

from __future__ import annotations

from collections.abc import Mapping

from mmcore.readers.names import extension, stem
from mmcore.readers.signature import PICTURES, TEXT_ENDINGS, sniff

MEANT = ("note", "report", "clinical", "record")
WHY = "it lies beside a picture, and its name does not say that it is a note. Give it on its own to use it"


def stray_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Of the files of an archive or a folder: name -> why it is not used. A case.toml that names them makes this needless."""
    kinds = {name: sniff(data[:4096]) for name, data in files.items()}
    if not set(PICTURES) & set(kinds.values()):
        return {}
    return {name: WHY for name, kind in kinds.items() if _is_text(name, kind, files[name]) and not _meant(name)}


def _is_text(name: str, kind: str, data: bytes) -> bool:
    object_or_list = data.lstrip()[:1] in (b"{", b"[")
    return kind == "PDF" or (kind == "text" and not object_or_list and extension(name) in {*TEXT_ENDINGS, ""})


def _meant(name: str) -> bool:
    return any(word in stem(name).lower() for word in MEANT)
