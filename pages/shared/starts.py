"""The samples of every domain as the first page shows them: a picture, a title and the address that opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from mmcore.domains.retail import week
from mmcore.domains.retail.catalogue import read_or_none
from mmcore.errors import TriptychError
from mmcore.figures.overlay import data_uri
from mmcore.model_spec import ModelSpec
from mmcore.readers.footage import frames
from mmcore.readers.media import read_media
from mmcore.settings import read_toml
from mmcore.wording import in_sentence
from pages.shared import samples
from pages.shared.chosen import PARAMETER
from pages.shared.retail import catalogues, people
from pages.shared.video import film_source, which

SIDE = 192  # pixels


@dataclass(frozen=True)
class Start:
    """One sample.

    Attributes:
        generated: True where a program made it, or some of its inputs.
        thumbnail: data URI, "" where there is no picture; then ``icon`` with a word stands in its place.
        address: parameters of the page's address that open it.
    """

    title: str
    story: str
    generated: bool
    thumbnail: str
    icon: str
    address: Mapping[str, str]


def of(domain: str, spec: ModelSpec) -> list[Start]:
    """In the order in which the domain's page shows them; what cannot be read is left out."""
    if domain == "retail":
        return _shoppers(_changed(people.STORIES_FILE))
    if domain == "video":
        films = tuple((name, _changed(film.source)) for name, film in film_source.samples().items())
        return _films(films) if spec.name == which.FIRST else []
    picture = next((in_sentence(item.title) for item in spec.inputs.values() if item.kind == "picture"), "picture")
    return [
        Start(
            one.title, one.story, bool(one.case.generated), one.thumbnail, f":material/hide_image: no {picture}",
            {"model": spec.name, PARAMETER: one.name},
        )
        for one in samples.of(domain, spec).values()
    ]


@st.cache_resource(show_spinner=False, max_entries=1)
def _shoppers(changed: int) -> list[Start]:
    """The generated shoppers with the product that stands for what each bought."""
    try:
        products = {product.id: product for product in week.read_catalogue(people.STORIES_FILE.parent).products}
        told = read_toml(people.STORIES_FILE)
    except TriptychError:
        return []
    found = []
    for name, one in told.items():
        past = [products[item] for item in one["items"] if item in products]
        pixels = read_or_none(past[people.pictured(past)].picture) if past else None
        icon = ":material/person_off: nothing bought" if not one["items"] else ":material/hide_image: no photo"
        address = {"catalogue": catalogues.SAMPLE, "shopper": name}
        found.append(Start(one["title"], one["story"], True, data_uri(pixels, SIDE) if pixels is not None else "", icon, address))
    return found


@st.cache_resource(show_spinner=False, max_entries=1)
def _films(changed: tuple[tuple[str, int], ...]) -> list[Start]:
    """The sample films, each with a picture from a third of its length: in their middle several show the same."""
    return [
        Start(
            film.title, film.story, film.generated, _still(film.source), ":material/graphic_eq: sound alone",
            {"model": which.FIRST, PARAMETER: name},
        )
        for name, film in film_source.samples().items()
    ]


def _still(source: Path | bytes) -> str:
    try:
        media = read_media(source)
        if media.size is None:
            return ""
        shown = [frame.pixels for frame in frames(media, every_s=1.0, side=2 * SIDE)]
        return data_uri(_square(shown[len(shown) // 3]), SIDE)
    except TriptychError:
        return ""


def _square(pixels: np.ndarray) -> np.ndarray:
    """The middle of a picture."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def _changed(source: Path | bytes) -> int:
    """What a file holds could change under a running server; its time of change is part of the key."""
    return source.stat().st_mtime_ns if isinstance(source, Path) and source.is_file() else 0
