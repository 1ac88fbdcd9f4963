"""A catalogue and an order history of the user's own: which column is what, every bad row with what is wrong, the rest used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from mmcore.domains.retail import own_catalogue, own_history
from mmcore.domains.retail.catalogue import EMPTY_PURCHASES
from mmcore.domains.retail.own_catalogue import PictureFiles
from mmcore.domains.retail.own_columns import ORDERS, PRODUCTS, Column, guess_roles
from mmcore.domains.retail.own_table import OwnTable, RowRemark, read_own_table
from mmcore.domains.retail.shop import Shop
from mmcore.errors import InputError
from mmcore.readers.archive import read_zip
from mmcore.readers.limits import LIMITS, MEGA, megabytes
from mmcore.readers.signature import sniff
from mmcore.wording import capital
from pages.shared import models
from pages.shared.plain import plain
from pages.shared.retail import tables

NONE = "(none)"
MOST = LIMITS.zip_bytes // MEGA
ROW, WIDE, ROWS = 36, 720, 11  # pixels: one line of what is wrong; rows seen at once
NUMBERED = "Rows are numbered as in a spreadsheet: the header is row 1. In JSON and Parquet, which have none, the first row is row 1."


def show() -> None:
    """Drop zones, the mapping of columns, and the button that opens the catalogue."""
    limits = LIMITS
    st.caption(
        "Products: CSV, JSON, JSON Lines or Parquet, one a row. Pictures: the files, a folder of them or a zip, named in a column; web "
        f"addresses are left unread. Orders: shopper, product, date. At most {limits.table_rows:,} rows, {megabytes(limits.zip_bytes)} "
        f"a zip file and {megabytes(limits.zip_total_bytes)} together. Everything stays in memory on this machine and goes with your visit."
    )
    left, middle, right = st.columns(3, gap="medium")
    products = left.file_uploader("Products", key="retail.upload.products", max_upload_size=MOST)
    folder = bool(st.session_state.get("retail.upload.folder", False))
    pictures = middle.file_uploader(
        "Pictures, or a zip of them",
        accept_multiple_files="directory" if folder else True,
        key=f"retail.upload.pictures.{folder}",
        max_upload_size=MOST,
    )
    middle.toggle("Give a whole folder", key="retail.upload.folder", persist_state="session")
    orders = right.file_uploader("Orders, if you have them", key="retail.upload.orders", max_upload_size=MOST)
    if products is None:
        return
    try:
        table = _table(products)
        roles = mapping("Columns of the products", table, PRODUCTS, "products")
        history = _table(orders) if orders is not None else None
        roles_orders = mapping("Columns of the orders", history, ORDERS, "orders") if history is not None else {}
    except InputError as error:
        models.problem(error)
        return
    if st.button("Open this catalogue", icon=":material/storefront:", key="retail.upload.open"):
        _open(products.name, table, roles, pictures, history, roles_orders)


def mapping(title: str, table: OwnTable, known: Mapping[str, Column], part: str) -> dict[str, str]:
    """Role -> column as recognised, each to correct in a menu, unfolded where one that matters is not found; the first rows below."""
    guessed = guess_roles(table.columns, known)
    missing = [one.title for role, one in known.items() if (one.needed or one.expected) and role not in guessed]
    said = f"{title}: {len(guessed)} of {len(known)} recognised{'; not found: ' if missing else ''}{', '.join(missing)}"
    with st.expander(said, expanded=bool(missing), icon=":material/view_column:"):
        roles: dict[str, str] = {}
        with st.grid("auto", min_column_width=150, gap="small", key=f"roles_{part}"):
            options = [NONE, *table.columns]
            for role, one in known.items():
                at = options.index(guessed[role]) if role in guessed else 0
                column = st.selectbox(one.label, options, index=at, key=f"retail.role.{part}.{role}.{hash(table.columns)}")
                if column != NONE:
                    roles[role] = column
        st.dataframe(tables.safe(pd.DataFrame(table.rows[:3])), hide_index=True, alt="The first rows of the table")
    return roles


def remarks(shop: Shop | None) -> None:
    """Every row that something is wrong with, each with its table, and what holds for a table as a whole.

    Args:
        shop: of the uploaded catalogue, whose pictures have been looked at; None before that.
    """
    listed: list[tuple[str, RowRemark]] = [*st.session_state.get("retail.remarks", ())]
    if shop is not None:
        found = own_catalogue.damaged(shop.catalogue, shop.raw.has_image, st.session_state["retail.numbers"])
        listed = sorted([*listed, *(("products", remark) for remark in found)], key=lambda entry: (entry[0] != "products", entry[1].number))
    for note in st.session_state.get("retail.notes", ()):
        st.caption(f":material/info: {plain(capital(note))}")
    if not listed:
        return
    left_out = sum(not remark.used for _, remark in listed)
    with st.expander(
        f"{len(listed)} rows with something wrong: {left_out} left out, {len(listed) - left_out} used",
        expanded=True,
        icon=":material/rule:",
    ):
        st.caption(NUMBERED)
        st.dataframe(
            tables.safe(
                pd.DataFrame(
                    [{"table": name, "row": r.number, "id": r.id, "used": r.used, "what is wrong": capital(r.what)} for name, r in listed]
                )
            ),
            hide_index=True,
            height=40 + ROW * min(ROWS, len(listed)),
            row_height=ROW,
            column_config={"what is wrong": st.column_config.TextColumn(width=WIDE)},
            alt="Rows with something wrong, and whether each was used",
        )


def _table(given: Any) -> OwnTable:
    held: dict[str, OwnTable] = st.session_state.setdefault("retail.tables", {})
    if given.file_id not in held:
        try:
            held[given.file_id] = read_own_table(given.getvalue())
        except InputError as error:
            raise InputError(f"{given.name[:60]}: {error.message}", error.hint) from error
    return held[given.file_id]


def _open(
    name: str, table: OwnTable, roles: Mapping[str, str], pictures: Sequence[Any], history: OwnTable | None, roles_orders: Mapping[str, str]
) -> None:
    """Reads everything; what can be used becomes the catalogue on the page."""
    try:
        with st.spinner("Reading the catalogue …"):
            read = own_catalogue.read_own_catalogue(table, roles, picture_files(pictures), name)
            orders = own_history.read_own_history(history, roles_orders, read.catalogue) if history is not None else None
    except InputError as error:
        models.problem(error)
        return
    wrong = {"products": read.remarks, "orders": orders.remarks if orders else ()}
    st.session_state["retail.remarks"] = [(name, remark) for name, listed in wrong.items() for remark in listed]
    st.session_state["retail.notes"] = (*read.notes, *(f"orders: {note}" for note in (orders.notes if orders else ())))
    st.session_state["retail.numbers"] = read.numbers
    st.session_state["retail.own"] = (read.catalogue, orders.purchases if orders else EMPTY_PURCHASES)
    st.session_state["retail.own_number"] = st.session_state.get("retail.own_number", 0) + 1
    st.session_state["retail.tables"] = {}
    st.rerun()


def picture_files(given: Sequence[Any]) -> PictureFiles:
    """The uploaded pictures by name; zip files are opened. InputError where they are too much together."""
    if sum(file.size for file in given) > LIMITS.zip_total_bytes:
        raise InputError(f"the pictures are more than {megabytes(LIMITS.zip_total_bytes)} together", "Give fewer, or smaller ones")
    loaders = {}
    for file in given:
        data = file.getvalue()
        files = read_zip(data) if sniff(data[:4096]) == "zip" else {file.name: data}
        loaders.update({path: partial(bytes, content) for path, content in files.items()})
    return PictureFiles(loaders)
