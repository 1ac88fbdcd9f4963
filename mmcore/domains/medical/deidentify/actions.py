"""What the basic confidentiality profile does to each tag: DICOM PS3.15 2026c, table E.1-1, as dicom-anonymizer has it."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as standard
from pydicom.datadict import dictionary_has_tag
from pydicom.tag import BaseTag

EDITION = "2026c"
REMOVE, EMPTY, DUMMY, REMAP, KEEP = "removed", "emptied", "replaced", "UID replaced", "kept"
SHIFT = "date shifted"
# Where the standard leaves a choice by what the object's kind requires, the one that is right for every kind.
_TABLES = (
    (standard.X_TAGS, REMOVE),
    (standard.Z_TAGS, EMPTY),
    (standard.X_Z_TAGS, EMPTY),
    (standard.X_Z_D_TAGS, EMPTY),
    (standard.Z_D_TAGS, DUMMY),
    (standard.D_TAGS, DUMMY),
    (standard.X_D_TAGS, DUMMY),
    (standard.U_TAGS, REMAP),
    (standard.X_Z_U_STAR_TAGS, REMAP),
)
_CURVES, _OVERLAYS, _REPEATING = 0x5000, 0x6000, 0xFF00
_PATIENT = 0x0010
_UNKNOWN_KIND = "UN"
_OPAQUE = frozenset({0x00420011})  # an encapsulated document: nothing of it can be kept


def action(tag: BaseTag, kind: str) -> str:
    """What to do with an element, by its tag and value representation ("PN", "SQ" ...).

    Beyond the table: private tags, curves and overlays go with their whole group, tags that the standard does not know go too, other
    names are emptied, other dates shifted, and UIDs that are not the standard's own replaced. Dates are shifted, which is the profile's
    option with modified dates, but those of the patient (birth) are emptied.
    """
    if tag.is_private or is_drawing(tag):
        return REMOVE
    if tag in _OPAQUE:
        return REMOVE
    found = _by_tag().get((tag.group, tag.element))
    if found is None and not dictionary_has_tag(tag):
        return REMOVE
    if kind in ("DA", "DT") and tag.group != _PATIENT:
        return SHIFT
    if found is not None:
        return found
    return {"PN": EMPTY, "UI": REMAP, _UNKNOWN_KIND: REMOVE}.get(kind, KEEP)


def is_drawing(tag: BaseTag) -> bool:
    """True for curves and overlays."""
    return (tag.group & _REPEATING) in (_CURVES, _OVERLAYS)


@cache
def _by_tag() -> MappingProxyType[tuple[int, int], str]:
    return MappingProxyType({tag: what for tags, what in _TABLES for tag in tags if len(tag) == 2})
