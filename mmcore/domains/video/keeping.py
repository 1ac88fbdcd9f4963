"""What was understood of a film, kept in a folder under the hash of its content: arrays and JSON, nothing that could be executed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mmcore.domains.video.event_model import EventModel, Evidence
from mmcore.domains.video.shots import Shot
from mmcore.domains.video.understanding import Understanding, relabel
from mmcore.domains.video.written import Written
from mmcore.encoders.transcript import Said, Word
from mmcore.readers.media import MediaFile

ENDING = ".film.zip"
FACTS, ARRAYS, KEY, PREVIEW = "facts.json", "arrays.npz", "key-{}.jpg", "preview.mp4"
FORMAT = 3
FIELDS = ("pictures", "looks", "sounds", "spectrogram")
MOST_BYTES = 500_000_000
"""A kept file that unpacks to more is not read."""


def keep(folder: Path, model: EventModel, found: Understanding, preview: bytes | None = None) -> Path:
    """Writes one file; ``preview`` is the film as the browser plays it, where that is not the film itself."""
    folder.mkdir(parents=True, exist_ok=True)
    path = place(folder, model, found.media.sha256)
    media = {name: value for name, value in vars(found.media).items() if name != "source"}
    facts = {
        "format": FORMAT, "version": model.version, "media": media, "every_s": found.every_s, "shots": [asdict(s) for s in found.shots],
        "keys": list(found.keys), "said": [asdict(s) for s in found.said], "written": [asdict(w) for w in found.written],
        "unread": found.unread, "missing": found.missing, "labels": found.labels, "noticed": found.noticed, "timings_ms": found.timings_ms,
    }  # fmt: skip
    arrays = {name: getattr(found, name) for name in ("moments", "faces", "motion", "said_vectors", "written_vectors")}
    optional = {name: getattr(found, name) for name in FIELDS if getattr(found, name) is not None}
    packed = io.BytesIO()
    np.savez(packed, **arrays, **{name: v.astype(np.float16) if v.dtype != np.uint8 else v for name, v in optional.items()})
    half_written = path.with_suffix(".part")
    with zipfile.ZipFile(half_written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FACTS, json.dumps(facts))
        archive.writestr(ARRAYS, packed.getvalue())
        for number, pixels in enumerate(found.keys.values()):
            image = io.BytesIO()
            Image.fromarray(pixels).save(image, "JPEG", quality=88)
            archive.writestr(KEY.format(number), image.getvalue())
        if preview is not None:
            archive.writestr(PREVIEW, preview)
    half_written.replace(path)
    return path


def find(folder: Path, model: EventModel, sha256: str, source: Path | bytes) -> tuple[Understanding, bytes | None] | None:
    """What is kept of the film with this hash and this version of the model, and its preview; None where nothing usable is."""
    path = place(folder, model, sha256)
    if not path.is_file():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                return None
            facts = json.loads(archive.read(FACTS))
            if facts["format"] != FORMAT or facts["version"] != model.version or facts["media"]["sha256"] != sha256:
                return None
            with np.load(io.BytesIO(archive.read(ARRAYS)), allow_pickle=False) as packed:
                arrays = {name: packed[name].astype(np.float32) if packed[name].dtype == np.float16 else packed[name] for name in packed}
            keys = {t: np.asarray(Image.open(io.BytesIO(archive.read(KEY.format(i))))) for i, t in enumerate(facts["keys"])}
            preview = archive.read(PREVIEW) if PREVIEW in archive.namelist() else None
            return relabel(model, _built(facts, arrays, keys, source), facts["labels"]), preview
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None  # damaged or of another make: the film is understood anew


def place(folder: Path, model: EventModel, sha256: str) -> Path:
    """Where a film is kept."""
    return folder / f"{sha256[:32]}-{model.version[:12]}{ENDING}"


def kept_bytes(folder: Path) -> tuple[int, int]:
    """(films, bytes) kept in the folder."""
    sizes = [path.stat().st_size for path in folder.glob(f"*{ENDING}")] if folder.is_dir() else []
    return len(sizes), sum(sizes)


def delete(folder: Path) -> None:
    """Deletes every kept film, and nothing else."""
    for path in folder.glob(f"*{ENDING}"):
        path.unlink(missing_ok=True)


def _built(
    facts: Mapping[str, Any], arrays: Mapping[str, np.ndarray], keys: dict[float, np.ndarray], source: Path | bytes
) -> Understanding:
    tuples = {name: tuple(value) for name, value in facts["media"].items() if isinstance(value, list)}
    media = MediaFile(source, **{**facts["media"], **tuples})
    said = [Said(**{**s, "words": tuple(Word(**w) for w in s["words"])}) for s in facts["said"]]
    written = [Written(**{**w, "box": tuple(w["box"])}) for w in facts["written"]]
    empty = Evidence({}, {}, np.zeros((len(arrays["moments"]), 0)))
    optional = {name: arrays.get(name) for name in FIELDS}
    return Understanding(
        media=media, every_s=facts["every_s"], moments=arrays["moments"], shots=[Shot(**s) for s in facts["shots"]], keys=keys,
        faces=arrays["faces"], motion=arrays["motion"], said=said, said_vectors=arrays["said_vectors"], written=written,
        written_vectors=arrays["written_vectors"], unread=facts["unread"],
        missing=[(float(a), float(b)) for a, b in facts["missing"]], labels=(), evidence=empty, events=[],
        noticed={name: tuple(notes) for name, notes in facts["noticed"].items()}, timings_ms=facts["timings_ms"], **optional,
    )  # fmt: skip
