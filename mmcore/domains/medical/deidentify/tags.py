"""The profile applied to a data set, at every depth of its sequences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_description, dictionary_has_tag, dictionary_keyword
from pydicom.tag import BaseTag

from mmcore.domains.medical.deidentify import actions, identifiers
from mmcore.domains.medical.deidentify.identifiers import DATE, UID, WORDS, Identifier
from mmcore.domains.medical.deidentify.remap import Remap
from mmcore.domains.medical.deidentify.report import Removed

PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_TEXT = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
TEXTS = _TEXT | {"UI", "DA", "DT", "UN"}
"""Value representations in which something of a patient could be read."""
_BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_NUMBERS = {"DS": "0", "IS": "0", "AS": "000Y", "TM": "000000"}
# A UID of these says what kind of thing it is, not whose: kept even where a maker made up his own.
_KINDS = frozenset(
    {"SOPClassUID", "ReferencedSOPClassUID", "MediaStorageSOPClassUID", "TransferSyntaxUID", "OriginalSpecializedSOPClassUID"}
)
OF_MACHINES = frozenset({"Manufacturer", "ManufacturerModelName", "SoftwareVersions", "CodeMeaning"})
"""What these say of machines and codes may also stand in tags that are taken out: it says nothing of a person."""
_CODES = frozenset({"CodeValue", "LongCodeValue", "CodingSchemeDesignator", "CodingSchemeVersion"})
_PRIVATE_BYTES = 4096
CLEANED, CLEARED = "words that identify taken out", "emptied: no value of its kind"
FORMS = {
    vr: re.compile(form)
    for vr, form in {
        "AS": r"(\d{3}[DWMY])?",
        "CS": r"[A-Z0-9 _]{0,16}",
        "DA": r"[\d.\- ]*",
        "DS": r"([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)?",
        "DT": r"[\d.+\- ]*",
        "IS": r"([+-]?\d+(\.0*)?)?",
        "TM": r"[\d.:\- ]*",
        "UI": r"[\d.]{0,64}",
    }.items()
}
"""What values of a kind look like (PS3.5 6.2); of dates and times every form without letters, as old files hold them."""
CHARACTER_SETS = re.compile(r"((ISO[ _-]?)?(IR|2022[ _-]IR)[ _-]\d{1,3}|GB18030|GBK)?")


def apply(ds: Dataset, remap: Remap) -> tuple[list[Removed], list[Identifier]]:
    """Changes ``ds`` in place. Returns what was done, and what to look for afterwards."""
    known: list[Identifier] = []
    done: Counter[tuple[str, str, str]] = Counter()
    person = remap.pseudonym(f"{ds.get('PatientID', '')}{ds.get('IssuerOfPatientID', '')}" or str(ds.get("PatientName", "")))
    _walk(ds, "", remap, known, done)
    for keyword in ("PatientName", "PatientID"):
        if person:
            setattr(ds, keyword, person)
    return [Removed(*key, count) for key, count in done.items()], list(dict.fromkeys(known))


def clean_kept(ds: Dataset, known: Sequence[Identifier]) -> list[Removed]:
    """A second pass over the text that the profile keeps: words known to identify are taken out of it too, and whole texts that
    stood in a tag that was taken out."""
    found = identifiers.pattern(item for item in known if item.kind not in (WORDS, UID, DATE))
    whole = {item.text.casefold() for item in known if item.kind == WORDS}
    done: Counter[tuple[str, str, str]] = Counter()
    for item, place in elements(ds):
        if item.VR in _TEXT and item.keyword not in ("PatientName", "PatientID"):
            before = texts(item)
            after = [" ".join(found.sub(" ", text).split()) if found and found.search(text) else text for text in before]
            if item.VR != "CS" and item.keyword not in OF_MACHINES:
                after = ["" if text.casefold() in whole else text for text in after]
            if after != before:
                item.value = after if len(after) > 1 else after[0]
                done[place, title(item.tag), CLEANED] += 1
    return [Removed(*key, count) for key, count in done.items()]


def clear_invalid(ds: Dataset) -> list[Removed]:
    """Takes out of ``ds`` what a kept tag holds although its kind allows no such value: it could be any text."""
    done: Counter[tuple[str, str, str]] = Counter()
    for item, place in elements(ds):
        form = CHARACTER_SETS if item.keyword == "SpecificCharacterSet" else FORMS.get(item.VR)
        given = texts(item) if form else []
        kept = [text if form and form.fullmatch(text.strip(" \0")) else "" for text in given]
        if kept != given:
            item.value = kept if len(kept) > 1 else kept[0]
            done[place, title(item.tag), CLEARED] += 1
    return [Removed(*key, count) for key, count in done.items()]


def elements(ds: Dataset, path: str = "") -> Iterator[tuple[DataElement, str]]:
    """Every element that is no sequence, at every depth, with its place."""
    for item in ds:
        place = f"{path}{item.tag}"
        if item.VR == "SQ":
            for part in item.value:
                yield from elements(part, f"{place}>")
        else:
            yield item, place


def texts(item: DataElement) -> list[str]:
    """The values of an element as text; of bytes those that are printable."""
    value: Any = item.value
    if value is None:
        return []
    if isinstance(value, bytes | bytearray):
        text = bytes(value[:_PRIVATE_BYTES]).decode("utf-8", "replace").strip(" \0")
        return [text] if text.isprintable() else []
    several = isinstance(value, Iterable) and not isinstance(value, str) and item.VR != "PN"
    return [str(part) for part in value] if several or (item.VR == "PN" and item.VM > 1) else [str(value)]


def title(tag: BaseTag) -> str:
    """A tag's name in the standard; of a private or unknown one only that it is."""
    if tag.is_private:
        return "private tag"
    if actions.is_drawing(tag):
        return "curve or overlay"
    return dictionary_description(tag) if dictionary_has_tag(tag) else "tag that the standard does not know"


def _walk(ds: Dataset, path: str, remap: Remap, known: list[Identifier], done: Counter[tuple[str, str, str]]) -> None:
    for tag in list(ds.keys()):
        if dictionary_has_tag(tag) and dictionary_keyword(tag) in PIXELS:
            continue
        item, place = ds[tag], f"{path}{tag}"
        what = actions.action(item.tag, item.VR)
        if item.keyword in _KINDS:
            what = actions.KEEP
        if item.VR == "SQ":
            if what in (actions.KEEP, actions.REMAP):
                for part in item.value:
                    _walk(part, f"{place}>", remap, known, done)
                continue
            for part in item.value:
                known += _within(part, f"{place}>")
        elif what != actions.KEEP:
            known += _known(item, place)
        if what != actions.KEEP and _change(ds, item, what, remap):
            done[place, title(item.tag), what] += 1


def _within(ds: Dataset, path: str) -> list[Identifier]:
    """What to look for of a sequence's item that goes as a whole."""
    inside = [(item, place) for item, place in elements(ds, path) if item.VR not in ("UI", "CS") and item.keyword not in _CODES]
    return [found for item, place in inside for found in _known(item, place)]


def _known(item: DataElement, place: str) -> list[Identifier]:
    """What to look for of one element. Standard UIDs stay, and so may be seen again."""
    if item.tag.is_private_creator:
        return []  # names a maker of machines
    values = [text for text in texts(item) if not (item.VR == "UI" and text.startswith("1.2.840.10008."))]
    keyword = "" if item.tag.is_private else item.keyword
    return identifiers.identifiers(place, keyword, item.VR, values)


def _change(ds: Dataset, item: DataElement, what: str, remap: Remap) -> bool:
    """Does it; False where that changes nothing."""
    before = item.value
    if what == actions.REMOVE:
        del ds[item.tag]
        return True
    if what == actions.SHIFT:
        moved = [remap.date(text) for text in texts(item)]
        item.value = moved if len(moved) > 1 else "".join(moved)
    elif item.VR == "UI":
        new = [remap.uid(text) for text in texts(item)]
        item.value = new if len(new) > 1 else "".join(new)
    elif item.VR == "SQ":
        item.value = []
    elif what == actions.DUMMY and item.VR in _TEXT:
        item.value = "REMOVED"
    elif what == actions.DUMMY and item.VR in _NUMBERS:
        item.value = _NUMBERS[item.VR]
    else:
        item.value = b"" if item.VR in _BYTES else "" if item.VR in _TEXT or item.VR in ("DA", "DT", *_NUMBERS) else None
    return bool(item.value != before)
