"""A small model's fields and pictures to read."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from mmcore.model_spec import Field

REGIONS = ("ARM", "UPPER LIP", "FUSS")
FIELDS = (
    Field("age", "Age", "number", unit="years", range=(0, 120), aliases=("patient_age", "alter")),
    Field("temperature", "Temperature", "number", unit="°C", range=(30, 45)),
    Field("score", "Score", "number", range=(-10, 5000)),
    Field("sex", "Sex", "category", values=("MALE", "FEMALE"), synonyms={"MALE": ["m", "男"], "FEMALE": ["f", "女"]}, aliases=("gender",)),
    Field("region", "Region", "category", values=REGIONS, synonyms={"ARM": ["braço", "limb"], "FUSS": ["foot", "limb"]}),
    Field("type", "Type", "category", values=("1.0", "2.0", "NONE")),
    Field("itch", "Itches", "flag", missing=("UNK", "9")),
    Field("bleed", "Bleeds", "flag", synonyms={"True": ["+"], "False": ["ohne"]}),
)


def picture(size: tuple[int, int] = (96, 80), mode: str = "RGB") -> Image.Image:
    """A picture whose four quarters differ: red, green, blue and yellow from the upper left, row by row."""
    width, height = size
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 160, 30), (width // 2, 0, width, height // 2))
    image.paste((30, 30, 200), (0, height // 2, width // 2, height))
    image.paste((210, 210, 40), (width // 2, height // 2, width, height))
    return image.convert(mode)


def encode(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def corners(pixels: np.ndarray) -> list[str]:
    """The colour of each quarter by name, row by row."""
    height, width = pixels.shape[:2]
    names = {"red": (200, 30, 30), "green": (30, 160, 30), "blue": (30, 30, 200), "yellow": (210, 210, 40)}
    found = []
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            pixel = pixels[y, x].astype(int)
            found.append(min(names, key=lambda name: int(np.abs(pixel - names[name]).sum())))
    return found
