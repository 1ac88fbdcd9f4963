"""Files that belong together, de-identified together: DICOM objects, pictures and notes, of a PDF its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from mmcore.domains.medical.deidentify import burned_in, dicom, leftovers, notes, records
from mmcore.domains.medical.deidentify.identifiers import Identifier
from mmcore.domains.medical.deidentify.remap import Remap
from mmcore.domains.medical.deidentify.report import FileReport, Removed
from mmcore.encoders import words_in_pictures
from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.picture import read_picture
from mmcore.readers.signature import PICTURES, sniff
from mmcore.readers.written import read_text_file
from mmcore.report.picture import png

DICOM, NOTE, PICTURE = "DICOM", "note", "picture"
_HINT = (
    "Copies are made of DICOM objects, pictures, plain text and the text of PDFs; "
    "of a record the reports of the page hold only the fields of the model"
)


@dataclass(frozen=True)
class CleanFile:
    """One file; ``data`` is empty where it was refused or something was found left in it.

    Attributes:
        ending: of a file name for it, such as "dcm".
    """

    data: bytes
    ending: str
    report: FileReport


def reader() -> burned_in.Reader | None:
    """What reads words in pictures; None where its package is missing."""
    return words_in_pictures.read_words if words_in_pictures.available() else None


def clean(files: Sequence[bytes], read_words: burned_in.Reader | None, limits: Limits = LIMITS) -> list[CleanFile]:
    """Each file without what says whose it is, in the same order.

    UIDs, pseudonyms and dates are replaced alike in all of them; what the headers of any of them name is taken out of the notes.
    A file that cannot be used does not stop the others: its report says why.
    """
    remap, known = Remap(), known_of(files, limits)
    return [_clean(data, remap, known, read_words, limits) for data in files]


def known_of(files: Sequence[bytes], limits: Limits = LIMITS) -> tuple[Identifier, ...]:
    """What the DICOM objects and records among these say of whose they are."""
    found: dict[Identifier, None] = {}
    for data in files:
        if records.is_record(data):
            found |= dict.fromkeys(records.known_of(data))
        if sniff(data[:4096]) == "DICOM":
            try:
                found |= dict.fromkeys(dicom.known_of(data, limits))
            except InputError:
                continue  # it is refused, with its reason, when its turn comes
    return tuple(found)


def _clean(data: bytes, remap: Remap, known: Sequence[Identifier], read_words: burned_in.Reader | None, limits: Limits) -> CleanFile:
    kind = sniff(data[:4096])
    note = partial(_note, data, known, limits)
    work = {"DICOM": partial(_dicom, data, remap, known, read_words, limits), "text": note, "PDF": note}
    try:
        if kind in work:
            done = work[kind]()
        elif kind in PICTURES:
            done = _picture(data, known, read_words, limits)
        else:
            raise InputError("this is neither DICOM nor a picture, plain text or PDF", _HINT)
    except InputError as error:
        return CleanFile(b"", "", FileReport(kind, error=str(error)))
    return done if done.report.clean else CleanFile(b"", done.ending, done.report)


def _dicom(data: bytes, remap: Remap, known: Sequence[Identifier], read_words: burned_in.Reader | None, limits: Limits) -> CleanFile:
    done = dicom.clean(data, remap, read_words, limits, known)
    return CleanFile(done.data, "dcm", done.report)


def _note(data: bytes, known: Sequence[Identifier], limits: Limits) -> CleanFile:
    if records.is_record(data):
        raise InputError("a record is not copied, its names were looked for in the other files", _HINT)
    text, _ = read_text_file(data, limits)
    done = notes.clean(text.text if text else "", known)
    left = leftovers.in_text(done.text, known)
    return CleanFile((done.text + "\n").encode(), "txt", FileReport(NOTE, done.removed(), left=tuple(left), looked_for=len(known)))


def _picture(data: bytes, known: Sequence[Identifier], read_words: burned_in.Reader | None, limits: Limits) -> CleanFile:
    picture, _ = read_picture(data, limits)
    pixels, searched = burned_in.clean_picture(picture.pixels, read_words)
    written = png(pixels)
    removed = (Removed("picture", "everything beside the pixels (EXIF, comments, thumbnails)", "left out"),)
    left = leftovers.in_bytes(written, known)
    return CleanFile(written, "png", FileReport(PICTURE, removed, searched, tuple(left), len(known)))
