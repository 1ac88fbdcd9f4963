"""What was taken out and what a second look found left: tags and kinds, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mmcore.domains.medical.deidentify.actions import EDITION

METHOD = [f"DICOM PS3.15 {EDITION}: basic confidentiality profile", "modified dates"]
PROFILE = f"DICOM PS3.15 {EDITION}: Basic Application Level Confidentiality Profile, with modified dates"
NOT_SEARCHED = "pixels were not searched"


@dataclass(frozen=True)
class Removed:
    """One thing that was changed.

    Attributes:
        place: a tag such as "(0010,0010)" with those of the sequences around it, or "note", "title", "picture".
        name: of the tag, or what kind of thing it was.
        action: what was done with it.
        count: how often.
    """

    place: str
    name: str
    action: str
    count: int = 1


@dataclass(frozen=True)
class Pixels:
    """What became of words in a picture.

    Attributes:
        searched: frames in which text was looked for; 0 where it was not.
        frames: frames that there are.
        blanked, kept: lines of text made one colour; and side markers such as "L" or "PA", which were left.
        left: lines of text that a second reading still found.
        why: why it was not searched, or what else there is to say.
    """

    searched: int = 0
    frames: int = 0
    blanked: int = 0
    kept: int = 0
    left: int = 0
    why: str = ""

    def sentence(self) -> str:
        """The same in words."""
        if not self.frames:
            return f"there are no pixels: {self.why}" if self.why else "there are no pixels"
        if not self.searched:
            return f"{NOT_SEARCHED}: {self.why}" if self.why else NOT_SEARCHED
        most = "" if self.searched == self.frames else f" ({self.searched} of {self.frames} frames)"
        said = f"pixels were searched for text{most}: {self.blanked} lines blanked"
        said += f", {self.kept} side markers kept" if self.kept else ""
        said += f"; a second reading found {self.left or 'none'} left"
        return f"{said}. {self.why}" if self.why else said


@dataclass(frozen=True)
class FileReport:
    """One file.

    Attributes:
        kind: "DICOM", "note", "picture", or what was exported.
        left: places where something of the original was found again; empty where the file may leave.
        error: why the file was refused; nothing was written then.
    """

    kind: str
    removed: tuple[Removed, ...] = ()
    pixels: Pixels = field(default_factory=Pixels)
    left: tuple[str, ...] = ()
    looked_for: int = 0
    error: str = ""

    @property
    def clean(self) -> bool:
        """True where nothing was found left."""
        return not (self.left or self.pixels.left or self.error)

    def to_json(self) -> dict[str, Any]:
        """For a file; holds no value of the original."""
        if self.error:
            return {"kind": self.kind, "error": self.error}
        return {
            "kind": self.kind,
            "removed": [{"place": r.place, "name": r.name, "action": r.action, "count": r.count} for r in self.removed],
            "pixels": self.pixels.sentence(),
            "second_scan": {"looked_for": self.looked_for, "left": list(self.left)},
            "clean": self.clean,
        }


def document(reports: Mapping[str, FileReport]) -> dict[str, Any]:
    """The report of several files under their new names."""
    return {
        "profile": PROFILE,
        "dates": "All dates are moved by one number of days, which is kept nowhere; birth dates and times of day are taken out.",
        "limits": "A name that stands in no header and that no word of the note announces, and text not read in a picture, can be left.",
        "files": {name: report.to_json() for name, report in reports.items()},
    }
