"""Take out what says whose data it is: of DICOM objects (PS3.15, basic profile), pictures and notes that belong together."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mmcore.commands.arguments import add_json, check_new_folder, check_writable, given_path
from mmcore.commands.output import say, warn, write_json
from mmcore.errors import InputError

if TYPE_CHECKING:
    from mmcore.domains.medical.deidentify.report import FileReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files and the folder for their copies."""
    given = "DICOM objects, pictures, notes, a record for its names; folders and zips of these"
    parser.add_argument("inputs", metavar="FILE", nargs="+", type=given_path, help=given)
    hint = "new or empty folder for the copies, numbered in the order of the files given, those of a folder by name"
    parser.add_argument("--out", metavar="DIR", type=given_path, required=True, help=hint)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Writes copies in which nothing that identifies was found again; 0. A file left out is a line; InputError where none was written."""
    check_writable(args.json, inputs=args.inputs)
    check_new_folder(args.out)
    from mmcore.domains.medical.deidentify import files
    from mmcore.domains.medical.deidentify.report import document

    given = _gather(args.inputs)
    done = files.clean(given, files.reader())
    names = [f"{number:04}.{file.ending}" if file.ending else f"{number:04}" for number, file in enumerate(done, 1)]
    written = [(name, file) for name, file in zip(names, done, strict=True) if file.data]
    if written:
        args.out.mkdir(parents=True, exist_ok=True)
    for name, file in written:
        (args.out / name).write_bytes(file.data)
    reports = {name: file.report for name, file in zip(names, done, strict=True)}
    if args.json:
        write_json(document(reports), args.json)
    if not written:
        why = _not_written(next(iter(reports.values())))
        raise InputError(f"none of {len(reports)} files was written; the first: {why}" if len(reports) > 1 else why)
    for name, report in reports.items():
        if why := _not_written(report):
            warn(f"{name}: {why}")
        elif args.json != "-":
            changes = sum(item.count for item in report.removed)
            say(f"{name}: {report.kind}, {changes} changes; {report.pixels.sentence()}; nothing found left")
    return 0


def _not_written(report: FileReport) -> str:
    """Why there is no copy of this file; "" where there is one."""
    if report.error:
        return f"not de-identified: {report.error}"
    left = ", ".join(report.left) or "text in its pixels"
    return "" if report.clean else f"not written: something that identifies is left ({left})"


def _gather(paths: list[Path]) -> list[bytes]:
    """The files' bytes, in the order given; folders and zips are opened."""
    from mmcore.readers.archive import read_zip
    from mmcore.readers.files import inside, is_folder, list_files, read_file
    from mmcore.readers.limits import LIMITS
    from mmcore.readers.signature import sniff

    found: list[bytes] = []
    for path in paths:
        if is_folder(path):
            found += [read_file(inside(path, name), LIMITS) for name in list_files(path, LIMITS.case_files)]
            continue
        data = read_file(path, LIMITS)
        found += list(read_zip(data).values()) if sniff(data[:4096]) == "zip" else [data]
    if not found:
        raise InputError(f"there is no file in {', '.join(map(str, paths))}", "Give DICOM objects, pictures or notes, or a folder of them")
    return found
