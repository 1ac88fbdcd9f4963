"""Zip files from strangers: read into memory within limits, nothing written to disk."""

from __future__ import annotations

import stat
import zipfile
import zlib
from io import BytesIO

from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits, megabytes
from mmcore.readers.names import ignored, safe_parts, shown
from mmcore.readers.signature import sniff

_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError, OverflowError, LookupError)
_OFFICE = ("[Content_Types].xml", "META-INF/manifest.xml")
_REPACK = "Pack the files again as a plain zip"


def read_zip(data: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Member path (with slashes) -> bytes, in the archive's order; folders, hidden files and macOS leftovers are left out.

    Raises:
        InputError: no zip or a damaged one; too many members or bytes, or a member packed suspiciously well; a path that is
            absolute or climbs out; a link; an encrypted member; two members of one name; an archive within the archive; an
            Office document, which is a zip inside.
    """
    if len(data) > limits.zip_bytes:
        raise InputError(f"the zip file is larger than {megabytes(limits.zip_bytes)}", "Split it")
    if sniff(data[:4096]) != "zip":
        raise InputError("this is no zip file, or it is damaged", _REPACK)
    # Counted before the directory is parsed: millions of entries would fill memory by themselves.
    if data.count(_ENTRY) > limits.zip_members:
        raise InputError(f"the zip file has more than {limits.zip_members} members", "Split it")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if not set(_OFFICE).isdisjoint(archive.namelist()):
                raise InputError("this is a Word, Excel or other Office document", "Save it as plain text, or as CSV where it is a table")
            members = {name: info for info in archive.infolist() if (name := _checked_name(info, limits))}
            _check_all(archive, members, limits)
            return {name: _read_member(archive, info, name) for name, info in members.items()}
    except _BROKEN as error:
        raise InputError("the zip file is damaged", _REPACK) from error


def _checked_name(info: zipfile.ZipInfo, limits: Limits) -> str:
    """The member's path; "" for what is left out."""
    name = "/".join(safe_parts(info.filename))
    if info.is_dir() or ignored(name):
        return ""
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError(f"{shown(name)} in the zip file is a link", _REPACK)
    if info.flag_bits & _ENCRYPTED:
        raise InputError(f"{shown(name)} in the zip file is encrypted", "Pack it without a password")
    if info.compress_type not in _METHODS:
        raise InputError(f"{shown(name)} in the zip file is packed in an unusual way", _REPACK)
    if info.file_size > limits.zip_ratio_from and info.file_size > limits.zip_ratio * max(info.compress_size, 1):
        raise InputError(f"{shown(name)} in the zip file unpacks to more than {limits.zip_ratio} times its size", "Pack real files only")
    return name


def _check_all(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], limits: Limits) -> None:
    files = [info for info in archive.infolist() if _checked_name(info, limits)]
    if len(files) > len(members):
        raise InputError("the zip file holds two members of one name", _REPACK)
    if not files:
        raise InputError("the zip file holds no files", "Add the files of a case")
    if sum(info.file_size for info in files) > limits.zip_total_bytes:
        raise InputError(f"the zip file unpacks to more than {megabytes(limits.zip_total_bytes)}", "Split it")


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """The member's bytes, never more than the size it declares: that size has been checked."""
    with archive.open(info) as stream:
        data = stream.read(info.file_size)
        surplus = stream.read(1)
    if surplus or len(data) != info.file_size:
        raise InputError(f"{shown(name)} in the zip file has another size than it declares", _REPACK)
    if sniff(data[:4096]) in ("zip", "packed"):
        raise InputError(f"{shown(name)} in the zip file is an archive itself", "Unpack it first")
    return data
