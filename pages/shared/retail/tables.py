"""A table to look at, and all of it to take away."""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from mmcore.commands.row_file import quoted
from pages.shared.retail import words

LISTED = 500


def show(title: str, found: pd.DataFrame, alt: str, height: int) -> None:
    """The first rows, and buttons for a file of all of them."""
    part = found.head(LISTED)
    if "probability" in part:
        part = part.assign(probability=100 * part["probability"])
    st.dataframe(
        safe(part),
        hide_index=True,
        height=height,
        column_config={"probability": st.column_config.NumberColumn("probability", format="%.2f %%", help=words.PROBABILITY)},
        alt=alt,
    )
    name = title.lower().replace(" ", "_")
    with st.container(horizontal=True):
        st.download_button(
            f"{title} (CSV)", lambda: csv(found), f"{name}.csv", "text/csv",
            key=f"retail.save.{name}.csv", icon=":material/table:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            f"{title} (Parquet)", lambda: parquet(found), f"{name}.parquet", "application/octet-stream",
            key=f"retail.save.{name}.parquet", icon=":material/table_chart:", on_click="ignore",
        )  # fmt: skip
    if len(found) > LISTED:
        st.caption(f"The first {LISTED} of {len(found):,} rows are shown; the files have all.")


def safe(found: pd.DataFrame) -> pd.DataFrame:
    """With an apostrophe before what a spreadsheet would take for a formula: the toolbar of a table on the page saves what it shows."""
    kept = found.copy()
    for name, kind in found.dtypes.items():
        if not pd.api.types.is_numeric_dtype(kind):
            kept[name] = found[name].map(quoted)
    return kept.rename(columns=quoted)


def csv(found: pd.DataFrame) -> bytes:
    """For spreadsheets: with the mark that makes Excel read UTF-8, and no formulas."""
    return safe(found).to_csv(index=False).encode("utf-8-sig")


def parquet(found: pd.DataFrame) -> bytes:
    """Every text as it is."""
    buffer = io.BytesIO()
    found.to_parquet(buffer, index=False)
    return buffer.getvalue()
