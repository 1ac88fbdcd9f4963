"""The tags of a DICOM file, with a search. What could identify the patient is hidden until it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from mmcore.case import Source
from mmcore.errors import InputError
from mmcore.readers.dicom_tags import Tag, read_tags
from pages.shared import terms

HIDDEN = "hidden"
WIDTHS = {"Name": "30%", "Value": "29%", "Tag": "27%", "Kind": "14%"}
_TABLE = "width:100%;table-layout:fixed;border-collapse:collapse;font-size:.72rem;line-height:1.35"
_SCROLLS = "max-height:300px;overflow-y:auto"  # and by the keyboard, which a container of Streamlit does not
_CELL = "padding:2px 3px;vertical-align:top;overflow-wrap:anywhere;border-bottom:1px solid rgba(128,128,128,.25);"


def show(source: Source, key: str) -> None:
    """The table, folded away."""
    with st.expander("Tags of the file", icon=":material/list_alt:"):
        _table(source, key)


@st.fragment
def _table(source: Source, key: str) -> None:
    try:
        found = read_tags(source.data)
    except InputError as error:
        st.caption(error.message)
        return
    wanted = st.text_input("Search the tags", key=f"{key}.find", placeholder="window, 0028, spacing …")
    hidden = not st.toggle("Show values that could identify the patient", key=f"{key}.open", help=terms.TAGS)
    rows = [row for tag in found if _fits(row := _row(tag, hidden), wanted)]
    st.caption(f"{len(rows)} of {len(found)} tags")
    st.html(f'<div tabindex="0" role="region" aria-label="Tags of the file" style="{_SCROLLS}">{table(rows)}</div>')


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """The rows as HTML, everything escaped. No `st.dataframe`: its toolbar would save what was revealed as a file."""
    head = "".join(f'<th scope="col" style="{_CELL}width:{width};text-align:left">{name}</th>' for name, width in WIDTHS.items())
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in ([f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row] for row in rows))
    return f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(tag: Tag, hidden: bool) -> tuple[str, str, str, str]:
    return " › ".join((*tag.inside, tag.name)), HIDDEN if hidden and tag.identifying else tag.value, tag.number, tag.kind


def _fits(row: tuple[str, ...], wanted: str) -> bool:
    """True where every word is in what the row shows: a hidden value cannot be searched for."""
    text = " ".join(row).lower()
    return all(word in text for word in wanted.lower().split())
