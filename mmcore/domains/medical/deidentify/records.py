"""What a record says of whose it is, in JSON, FHIR or not, or as a table: to look for in the notes and pictures that come with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mmcore.domains.medical.deidentify import identifiers
from mmcore.domains.medical.deidentify.identifiers import LEAST_NUMBER, NAME, NUMBER, Identifier
from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS
from mmcore.readers.table import parse_table

_NAMES = re.compile(r"(?:^|_)(?:names?|family|given|surname|forename|display|contact|physician|doctor)$", re.IGNORECASE)
_PLACES = re.compile(r"(?:^|_)(?:address|line|street|city|district|hospital|institution)$", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:^|_)(?:identifier|telecom|phone|mobile|fax|e?mail|mrn|ssn|nhs|id|number|accession|insurance)$", re.IGNORECASE)
_APART = re.compile(r"(?<=[a-z])(?=[A-Z])|[\s.-]+")
LONGEST_KEY = 200
_CODED = frozenset({"coding", "system", "code", "unit", "resourceType", "use", "status", "valueQuantity"})


def is_record(data: bytes) -> bool:
    """True for JSON."""
    return data.lstrip()[:1] in (b"{", b"[")


def known_of(data: bytes) -> tuple[Identifier, ...]:
    """Names, addresses and numbers in it, by the keys or columns under which they stand; empty where it is neither JSON nor a table."""
    try:
        content = json.loads(data) if is_record(data) else [dict(row.cells) for row in parse_table(data, LIMITS).rows]
        return tuple(dict.fromkeys(_walk(content, "", "record")))
    except (InputError, ValueError, RecursionError):
        return ()


def _walk(value: Any, under: str, place: str) -> Iterator[Identifier]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _CODED:
                spelled = _APART.sub("_", key[:LONGEST_KEY])
                kind = next((k for k, rule in ((NAME, _NAMES), (NUMBER, _NUMBERS), ("place", _PLACES)) if rule.search(spelled)), under)
                yield from _walk(inner, kind, f"{place}.{key if key.isidentifier() and len(key) < 30 else 'entry'}")
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, under, place)
    elif under and isinstance(value, str | int) and not isinstance(value, bool):
        text = str(value).strip()
        if under == NAME:
            yield from identifiers.names(text, place)
        elif under == NUMBER and len(text) >= LEAST_NUMBER and any(c.isdigit() or c == "@" for c in text):
            yield Identifier(text, NUMBER, place)
        elif under == "place" and len(text) >= LEAST_NUMBER:
            yield Identifier(text, NAME, place)
