"""A user's own order history: who bought what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.own_table import OwnTable, RowRemark, cell, check_roles
from mmcore.errors import InputError
from mmcore.readers.names import shown

ROLES: dict[str, tuple[str, ...]] = {
    "user": ("user_id", "customer_id", "shopper", "user", "customer", "client_id", "kunde", "kunden_id", "visitor_id", "client", "buyer"),
    "item": ("item_id", "product_id", "article_id", "item", "product", "sku", "asin", "artikelnummer", "produkt_id", "article", "id"),
    "date": ("date", "timestamp", "order_date", "t_dat", "time", "datum", "purchased_at", "created_at", "day", "event_time"),
}
FIRST, LAST = pd.Timestamp("1970-01-01"), pd.Timestamp("2100-01-01")


@dataclass(frozen=True)
class OwnHistory:
    """The purchases that can be used, every remark on a row, and notes on the file as a whole."""

    purchases: Purchases
    remarks: tuple[RowRemark, ...]
    notes: tuple[str, ...]


def read_own_history(table: OwnTable, roles: Mapping[str, str], catalogue: Catalogue) -> OwnHistory:
    """Purchases from the rows of a table; those of products that are not in the catalogue are listed and left out.

    Args:
        roles: role of ROLES -> column; without ``date`` all count as bought on one day.

    Raises:
        InputError: no column is the user or the item, or no row can be used.
    """
    check_roles(roles, table.columns, ("user", "item"), ROLES)
    dates, notes = (
        _dates([cell(row, roles, "date") for row in table.rows]) if roles.get("date") else (None, ["no dates: all count as one day"])
    )
    remarks, shoppers, rows, days = [], [], [], []
    for at, (number, row) in enumerate(zip(table.numbers, table.rows, strict=True)):
        user, item = shown(cell(row, roles, "user"), 80), cell(row, roles, "item")
        wrong = table.problems.get(number, "")
        if not wrong:
            wrong = "has no shopper" if not user else "has no product" if not item else ""
        if not wrong and item not in catalogue.rows:
            wrong = f"the product {shown(item, 40)} is not in the catalogue"
        if not wrong and dates is not None and (dates[at] is None):
            wrong = f"the date {shown(cell(row, roles, 'date'), 30) or 'is empty and'} is not understood"
        if wrong:
            remarks.append(RowRemark(number, user, wrong, False))
            continue
        shoppers.append(user)
        rows.append(catalogue.rows[item])
        days.append((dates[at] - FIRST).days if dates is not None else 0)
    if not rows:
        first = f"; row {remarks[0].number}: {remarks[0].what}" if remarks else ""
        raise InputError(f"none of {len(table.rows)} rows can be used{first}", "Each row needs a shopper and a product of the catalogue")
    first_day = min(days)
    found = Purchases(np.array(shoppers, dtype=object), np.array(rows, dtype=int), np.array(days, dtype=int) - first_day)
    read = f"{len(rows):,} of {len(table.rows):,} rows are used"
    return OwnHistory(found, tuple(remarks), (read, *table.warnings, *notes))


def _dates(texts: list[str]) -> tuple[list[pd.Timestamp | None], list[str]]:
    """One day a text, None where it is none. Day first or month first: whichever way more cells are dates."""
    cells, notes = pd.Series(texts, dtype=object), []
    found = pd.to_datetime(cells, errors="coerce", format="ISO8601", utc=True)
    if found.notna().sum() < len(texts) * 0.5:
        short = cells.map(lambda text: text.split()[0].replace(".", "/").replace("-", "/") if text else "")
        ways = {
            "the day first": pd.to_datetime(short, errors="coerce", format="%d/%m/%Y", utc=True),
            "the month first": pd.to_datetime(short, errors="coerce", format="%m/%d/%Y", utc=True),
            "the month in words or other ways of writing": pd.to_datetime(cells, errors="coerce", format="mixed", utc=True),
        }
        way = max(ways, key=lambda name: int(_believed(ways[name]).sum()) * (1.0 if "first" in name else 0.99))
        found, notes = ways[way], [f"dates are read with {way}"]
    ok = _believed(found)
    return [value.tz_localize(None).normalize() if good else None for value, good in zip(found, ok, strict=True)], notes


def _believed(values: pd.Series) -> pd.Series:
    plain = values.dt.tz_localize(None)
    return plain.notna() & (plain >= FIRST) & (plain < LAST)
