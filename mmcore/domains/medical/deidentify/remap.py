"""New UIDs, pseudonyms and dates in place of old ones: the same for the same, within one run, and without a way back."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta

KEY_BYTES = 32
LEAST_DAYS, MOST_DAYS = 365, 3650
_DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})")
_STANDARD = "1.2.840.10008."


@dataclass(frozen=True)
class Remap:
    """A secret key and what follows from it. Files that belong together go through one of these; it is never written anywhere."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES), repr=False)

    def uid(self, old: str) -> str:
        """Another UID (of the kind that needs no registered root) in place of ``old``; the standard's own stay as they are."""
        if not old or old.startswith(_STANDARD):
            return old
        return f"2.25.{int.from_bytes(self._digest('uid', old)[:16], 'big')}"

    def pseudonym(self, old: str) -> str:
        """A name that says nothing, such as "ANON-3F2A91C0"; "" for nothing."""
        return f"ANON-{self._digest('person', old).hex()[:8].upper()}" if old.strip() else ""

    @property
    def days(self) -> int:
        """By how many days every date is moved: between one and ten years back."""
        return -(LEAST_DAYS + int.from_bytes(self._digest("days", "")[:4], "big") % (MOST_DAYS - LEAST_DAYS))

    def date(self, old: str) -> str:
        """A DICOM date or date and time, moved; of the time nothing is kept. "" where it cannot be read as a date."""
        found = _DATE.match(old.strip())
        if not found:
            return ""
        try:
            moved = date(*(int(part) for part in found.groups())) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return ""
        return f"{moved.year:04}{moved:%m%d}"

    def _digest(self, what: str, text: str) -> bytes:
        return hmac.new(self.key, f"{what}:{text}".encode("utf-8", "replace"), hashlib.sha256).digest()
