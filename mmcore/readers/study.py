"""The DICOM files of one study: series put in order, and the picture that a model with one picture looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from pydicom import dcmread
from pydicom.pixels.utils import get_expected_length

from mmcore.case import Series, Source
from mmcore.errors import InputError
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.dicom import PIXELS, frame_count, with_transfer_syntax
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.names import shown
from mmcore.readers.picture import read_picture
from mmcore.readers.quiet import quiet

# Tags about the picture and its place in the study; none about the patient.
TAGS = (
    *("SOPClassUID", "SeriesInstanceUID", "SeriesNumber", "InstanceNumber", "SliceLocation"),
    *("Modality", "ViewPosition", "BodyPartExamined", "Rows", "Columns", "NumberOfFrames"),
)
# What tells whether a file ends before its pixels do.
LENGTH_TAGS = ("Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated", "PhotometricInterpretation", *PIXELS)
FRONTAL = ("PA", "AP")


@dataclass(frozen=True)
class Instance:
    """One DICOM object with pixels.

    Attributes:
        name: of its file.
        series: UID of its series; "" where the file has none.
        order: series number, place of the slice and instance number: what a series is sorted by.
        view: "PA", "AP", "LL" ..., "" where not given.
        pixels: of one frame.
    """

    name: str
    series: str
    order: tuple[float, float, float]
    modality: str
    view: str
    body_part: str
    frames: int
    pixels: int


def series_of(instances: Iterable[Instance]) -> tuple[tuple[Instance, ...], ...]:
    """Objects grouped by series; series and their objects in the order of their numbers."""
    found: dict[str, list[Instance]] = {}
    for instance in instances:
        found.setdefault(instance.series, []).append(instance)
    groups = [tuple(sorted(group, key=lambda item: (*item.order, item.name))) for group in found.values()]
    return tuple(sorted(groups, key=lambda group: (group[0].order[0], group[0].name)))


def choose(instances: Iterable[Instance]) -> tuple[str, str]:
    """The name of the file to look at, and what to say of the others ("" where there are none).

    A frontal view comes before any other, and within these the first in order.

    Raises:
        InputError: there is none.
    """
    series = series_of(instances)
    ordered = [instance for group in series for instance in group]
    if not ordered:
        raise InputError("none of the DICOM files holds a picture", "Give an image object")
    best = min(ordered, key=lambda item: item.view not in FRONTAL)  # min keeps the first of equals
    if len(ordered) == 1:
        return best.name, ""
    what = f"{len(ordered)} pictures in {len(series)} series" if len(series) > 1 else f"{len(ordered)} pictures"
    number, group = next((number, group) for number, group in enumerate(series) if best in group)
    place, count = 1 + sum(item.frames for item in group[: group.index(best)]), sum(item.frames for item in group)
    where = [_numbers(series)[number]] if len(series) > 1 else []
    where += [f"frame {place} of {count}"] if count > 1 else []
    where += [f"view {best.view}"] if best.view in FRONTAL else []
    return best.name, f"the study holds {what}: {', '.join(where)} is used"


def sort_out(files: Mapping[str, bytes], limits: Limits = LIMITS) -> tuple[list[Instance], dict[str, str]]:
    """The pictures among DICOM files; of every other file why it is not used.

    The picture to look at can be read. Of the others it is known alone that their files do not end before their pixels do.
    """
    placed = {name: read_instance(name, data) for name, data in files.items()}
    pictures = [found for found in placed.values() if found]
    unused = {name: _damage(files[name], limits) or "it holds no picture" for name, found in placed.items() if not found}
    while len(files) > 1 and pictures and (why := _damage(files[best := choose(pictures)[0]], limits)):
        unused[best] = why
        pictures = [found for found in pictures if found.name != best]
    looked_at = choose(pictures)[0] if pictures else ""
    rest = [found.name for found in pictures if found.name != looked_at]
    unused |= {name: why for name in rest if _ends_early(files[name]) and (why := _damage(files[name], limits))}
    return [found for found in pictures if found.name not in unused], unused


@quiet()
def _ends_early(data: bytes) -> bool:
    """True where the pixels of the first frame are not there, or fewer than the header states, or that cannot be told."""
    try:
        ds = dcmread(BytesIO(data), force=True, specific_tags=list(LENGTH_TAGS))
        held = next((len(ds[keyword].value) for keyword in PIXELS if keyword in ds), 0)
        packed = with_transfer_syntax(ds).file_meta.TransferSyntaxUID.is_encapsulated
        return held < (1 if packed else get_expected_length(ds) // frame_count(ds))
    except DECODER_ERRORS:
        return True


def _damage(data: bytes, limits: Limits) -> str:
    try:
        read_picture(data, limits)
    except InputError as error:
        return error.message
    return ""


def source_of(instances: Iterable[Instance], files: Mapping[str, bytes], name: str, most: int) -> Source | None:
    """The study as a viewer steps through it, at the first frame of the file called ``name``.

    None where its files are larger than ``most`` bytes together: they stay in memory.
    """
    groups = series_of(instances)
    if sum(len(files[item.name]) for group in groups for item in group) > most:
        return None
    series, at = [], (0, 0)
    numbers = _numbers(groups)
    for number, group in enumerate(groups):
        names = [item.name for item in group]
        digest = sha256()
        for item in names:
            digest.update(files[item])
        held, frames = tuple(files[item] for item in names), tuple(item.frames for item in group)
        series.append(Series(_title(numbers[number], group), held, frames, digest.hexdigest()))
        if name in names:
            at = (number, sum(item.frames for item in group[: names.index(name)]))
    return Source(tuple(series), at)


def _numbers(groups: tuple[tuple[Instance, ...], ...]) -> list[str]:
    """What each series is called by its number: "series 3"; of several with one number "series 1a" and "series 1b"."""
    stated = [f"{group[0].order[0]:g}" for group in groups]
    return [
        f"series {number}{chr(ord('a') + stated[:at].count(number) % 26) if stated.count(number) > 1 else ''}"
        for at, number in enumerate(stated)
    ]


def _title(number: str, group: tuple[Instance, ...]) -> str:
    """What the tags about the picture say, cut to what a menu can hold."""
    first = group[0]
    views = ", ".join(dict.fromkeys(item.view for item in group if item.view))
    parts = [number, first.modality, first.body_part.lower(), views]
    return shown(", ".join(part for part in parts if part), 60)


@quiet()
def read_instance(name: str, data: bytes) -> Instance | None:
    """What a DICOM file says of its place in a study; None where it holds no picture or cannot be read."""
    try:
        ds = dcmread(BytesIO(data), force=True, specific_tags=list(TAGS), stop_before_pixels=True)
        rows, columns = int(ds.get("Rows") or 0), int(ds.get("Columns") or 0)
        if not rows * columns:
            return None
        return Instance(
            name,
            str(ds.get("SeriesInstanceUID") or ""),
            (_number(ds.get("SeriesNumber")), _number(ds.get("SliceLocation")), _number(ds.get("InstanceNumber"))),
            str(ds.get("Modality") or ""),
            str(ds.get("ViewPosition") or "").upper(),
            str(ds.get("BodyPartExamined") or "").upper(),
            max(1, int(ds.get("NumberOfFrames") or 1)),
            rows * columns,
        )
    except DECODER_ERRORS:
        return None


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0
