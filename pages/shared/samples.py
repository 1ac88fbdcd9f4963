"""The cases that come with the program, most of them generated: sample_data/<domain or model>/<name>/case.toml."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image

from mmcore.case import Case, Picture
from mmcore.errors import TriptychError
from mmcore.model_spec import ModelSpec
from mmcore.readers.case_folder import CASE_FILE, read_case
from mmcore.report import reading
from mmcore.settings import read_toml
from pages.shared import chosen
from pages.shared.chosen import Chosen

ROOT = Path(__file__).resolve().parents[2] / "sample_data"
THUMBNAIL = 96  # pixels


@dataclass(frozen=True)
class Sample:
    """One bundled case: its name is what stands in the address.

    Attributes:
        thumbnail: of its picture as a data URI, "" where it has none.
    """

    name: str
    title: str
    story: str
    case: Case
    thumbnail: str


def of(domain: str, spec: ModelSpec) -> dict[str, Sample]:
    """name -> sample, for the samples made for this model, in the order that each states."""
    paths = [p for folder in (ROOT / domain, ROOT / spec.name) for p in sorted(folder.glob(f"*/{CASE_FILE}"))]
    # What a file holds could change under a running server; its time of change is part of the key.
    return _read(tuple((str(p.parent), p.stat().st_mtime_ns) for p in paths), spec.name, _spec=spec)


def show_cards(domain: str, found: dict[str, Sample], now: str) -> None:
    """One card a sample; a click puts it on the page.

    Args:
        now: link of the case on the page.
    """
    with st.grid("auto", min_column_width=138, gap="xsmall", key="cards"):
        for sample in found.values():
            with st.container(key="card_chosen" if sample.name == now else f"card_{sample.name}"):
                _card(domain, sample)


def _card(domain: str, sample: Sample) -> None:
    picture = f"![]({sample.thumbnail}) " if sample.thumbnail else ":material/hide_image: "
    st.button(
        f"{picture}{sample.title}",
        key=f"sample.{sample.name}",
        help=f"{sample.story} {origin(sample)}",
        width="stretch",
        wrap=True,
        on_click=chosen.select,
        args=(domain, as_chosen(sample)),
    )


def origin(sample: Sample) -> str:
    """How the sample came to be, as a sentence."""
    made = reading.made(sample.case.generated, sample.case.real)
    return f"This is a {made}." if sample.case.generated is False else f"This case is {made}."


def as_chosen(sample: Sample) -> Chosen:
    """The sample as a case on the page."""
    return Chosen("sample", sample.name, sample.case, sample.story)


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(stamps: tuple[tuple[str, int], ...], model: str, _spec: ModelSpec) -> dict[str, Sample]:
    found = []
    for folder, _ in stamps:
        path = Path(folder)
        try:
            table = read_toml(path / CASE_FILE)
            if table.get("model") not in (None, model):
                continue
            found.append((_order(table), _sample(path.name, table, read_case([path], _spec))))
        except TriptychError:
            continue  # a damaged sample is left out; a test reads every one
    return {sample.name: sample for _, sample in sorted(found, key=lambda pair: (pair[0], pair[1].name))}


def _sample(name: str, table: dict[str, Any], case: Case) -> Sample:
    story = table.get("story") or case.notes.get("story", "")
    return Sample(name, case.title or name, str(story), case, thumbnail(case))


def _order(table: dict[str, Any]) -> float:
    order = table.get("notes", {}).get("order", table.get("order", 100))
    return float(order) if isinstance(order, int | float | str) and str(order).replace(".", "", 1).isdigit() else 100.0


def thumbnail(case: Case) -> str:
    """The first picture of a case, square and small, as a data URI; "" where it has none."""
    for item in case.inputs.values():
        if isinstance(item.value, Picture):
            image = Image.fromarray(item.value.pixels)
            side = min(image.size)
            left, top = (image.width - side) // 2, (image.height - side) // 2
            image = image.crop((left, top, left + side, top + side)).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=80)
            return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
    return ""
