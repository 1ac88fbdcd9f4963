"""The second look: is anything of the original still in what was written?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pydicom import Dataset

from mmcore.domains.medical.deidentify import identifiers
from mmcore.domains.medical.deidentify.identifiers import DATE, NAME, NUMBER, UID, WORDS, Identifier
from mmcore.domains.medical.deidentify.tags import TEXTS, elements, texts

LEAST_BYTES = 6
"""A shorter string comes about in any large file by chance, so it is looked for in the texts of a file alone."""
_CODECS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "iso2022_jp", "euc_kr", "gb18030")


def in_bytes(data: bytes, known: Iterable[Identifier]) -> list[str]:
    """Places of the original whose value is found in these bytes, in any of the usual encodings, in its own case or in capitals."""
    return sorted({item.place for item in known if len(item.text) >= LEAST_BYTES and _stands_in(data, item)})


def _stands_in(data: bytes, item: Identifier) -> bool:
    """As a word of its own: a UID that begins like another is not that other."""
    joined = rb"[\w.]" if item.kind == UID else rb"\w"
    found = (form for form in _forms(item.text) if form in data)
    return any(re.search(rb"(?<!" + joined + rb")" + re.escape(form) + rb"(?!" + joined + rb")", data) for form in found)


def in_text(text: str, known: Iterable[Identifier]) -> list[str]:
    """Places of the original whose value stands in this text as a word of its own."""
    found = [item for item in known if item.kind in (NAME, NUMBER, DATE, UID) or len(item.text) >= LEAST_BYTES]
    pattern = identifiers.pattern(found)
    hits = {match.casefold() for match in pattern.findall(text)} if pattern else set()
    return sorted({item.place for item in found if item.text.casefold() in hits})


def in_dataset(ds: Dataset, known: Sequence[Identifier]) -> list[str]:
    """The same in every text of a data set. Of descriptions that were taken out, a code that stays ("CHEST") may say the same."""
    strict = [item for item in known if item.kind != WORDS]
    found: set[str] = set()
    for item, _ in elements(ds):
        if item.VR not in TEXTS:
            continue
        for text in texts(item):
            found |= set(in_text(text, strict if item.VR == "CS" else known))
    return sorted(found)


def _forms(text: str) -> set[bytes]:
    forms = set()
    for codec in _CODECS:
        for spelled in (text, text.upper(), text.title()):
            try:
                forms.add(spelled.encode(codec))
            except UnicodeEncodeError:
                continue
    return forms
