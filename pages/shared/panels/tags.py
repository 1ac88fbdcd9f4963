"""The tags of a DICOM file, with a search. What could identify the patient is hidden until it is asked for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.case import Source
from mmcore.errors import InputError
from mmcore.readers.dicom_tags import Tag, read_tags
from pages.shared import terms

HIDDEN = "hidden"
HEIGHT = 300
WIDTHS = {"Name": 150, "Value": 150, "Tag": 95, "Kind": 50}  # pixels


def show(source: Source, key: str) -> None:
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
    st.dataframe(
        pd.DataFrame(rows, columns=list(WIDTHS)),
        hide_index=True,
        height=HEIGHT,
        key=f"{key}.table",
        column_config={name: st.column_config.TextColumn(width=width) for name, width in WIDTHS.items()},
        alt=f"{len(rows)} tags with name, value, number and kind",
    )


def _row(tag: Tag, hidden: bool) -> tuple[str, str, str, str]:
    return " › ".join((*tag.inside, tag.name)), HIDDEN if hidden and tag.identifying else tag.value, tag.number, tag.kind


def _fits(row: tuple[str, ...], wanted: str) -> bool:
    """True where every word is in what the row shows: a hidden value cannot be searched for."""
    text = " ".join(row).lower()
    return all(word in text for word in wanted.lower().split())
