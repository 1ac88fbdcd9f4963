"""Where an encoder's weights come from, what they may be used for, and the proof that they are the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mmcore.errors import ModelError


@dataclass(frozen=True)
class EncoderCard:
    """What a user should know of an encoder.

    Attributes:
        name: as in the registry.
        kind: the reader's kind of input, "picture", "record" or "text".
        source: package or command that the weights come from, with the paper; "" where there are none.
        licence: of the weights.
        sha256: of the weights file, "" where there is none.
        input: what goes in, with sizes and scaling.
        width: features per token; 0 where it gives words.
        tokens: tokens per input; 0 where it depends on the schema or there are none.
    """

    name: str
    kind: str
    source: str
    licence: str
    sha256: str
    input: str
    width: int
    tokens: int


def checked_bytes(path: Path, sha256: str) -> bytes:
    """The bytes of a weights file whose hash is as it should be; ModelError otherwise."""
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"weights {path.name} cannot be read: {error.strerror}"
        raise ModelError(message, "Install the packages of requirements.txt again") from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        message = f"weights {path.name} are not the ones expected (sha256 {found[:12]}, expected {sha256[:12]})"
        raise ModelError(message, "Restore the file or train again")
    return data
