"""A film that was understood, as the page holds it."""

from __future__ import annotations

from dataclasses import dataclass

from mmcore.domains.video.understanding import Understanding


@dataclass(frozen=True)
class Watched:
    """A film with all that was found, and what the browser plays: the file as it is, or a preview.

    Attributes:
        kind: "video" or "audio".
    """

    found: Understanding
    playable: bytes
    kind: str
