"""A user's own order history: who bought what, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.own_columns import ORDERS, check_roles
from mmcore.domains.retail.own_dates import FIRST, Dates, last_believed, read_dates
from mmcore.domains.retail.own_table import OwnTable, RowRemark, cell
from mmcore.errors import InputError
from mmcore.readers.names import shown


@dataclass(frozen=True)
class OwnHistory:
    """The purchases that can be used, every remark on a row, and notes on the file as a whole."""

    purchases: Purchases
    remarks: tuple[RowRemark, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Order:
    """A row that can be used: ``row`` of the catalogue, ``text`` of the date as it stands, ``doubt`` about it."""

    number: int
    user: str
    row: int
    day: pd.Timestamp
    text: str
    doubt: str


def read_own_history(table: OwnTable, roles: Mapping[str, str], catalogue: Catalogue, today: pd.Timestamp | None = None) -> OwnHistory:
    """Purchases from the rows of a table; those of products that are not in the catalogue are listed and left out.

    So are orders of days to come, or of days long after all others (`last_believed`): by one of them every other would count as old.

    Args:
        roles: role of ORDERS -> column; without ``date`` all count as bought on one day.
        today: the last day that an order can be of; that of the clock where it is None.

    Raises:
        InputError: no column is the shopper or the product, or no row can be used.
    """
    check_roles(roles, table.columns, ORDERS)
    texts = [cell(row, roles, "date") for row in table.rows]
    dates = read_dates(texts) if roles.get("date") else Dates((FIRST,) * len(texts), {}, ("no dates: all count as one day",))
    tomorrow = (today or pd.Timestamp.now().normalize()) + pd.Timedelta(days=1)  # it is tomorrow already in other time zones
    remarks: list[RowRemark] = []
    read: list[_Order] = []
    for at, (number, row) in enumerate(zip(table.numbers, table.rows, strict=True)):
        user, item = shown(cell(row, roles, "user"), 80), cell(row, roles, "item")
        wrong = table.problems.get(number, "")
        if not wrong:
            wrong = "has no shopper" if not user else "has no product" if not item else ""
        if not wrong and item not in catalogue.rows:
            wrong = f"the product {shown(item, 40)} is not in the catalogue"
        day, doubt = dates.days[at], dates.doubts.get(at, "")
        if not wrong and day is None:
            wrong = doubt or f"the date {shown(texts[at], 30) or 'is empty and'} is not understood"
        if not wrong and day is not None and day > tomorrow:
            wrong = f"the date {shown(texts[at], 30)} is still to come"
        if wrong or day is None:
            remarks.append(RowRemark(number, user, wrong, False))
        else:
            read.append(_Order(number, user, catalogue.rows[item], day, texts[at], doubt))
    kept, late = _without_late(read)
    remarks += [*late, *(RowRemark(one.number, one.user, one.doubt, True) for one in kept if one.doubt)]
    remarks.sort(key=lambda remark: remark.number)
    if not kept:
        first = f"; row {remarks[0].number}: {remarks[0].what}" if remarks else ""
        raise InputError(f"none of {len(table.rows)} rows can be used{first}", "Each row needs a shopper and a product of the catalogue")
    used = f"{len(kept):,} of {len(table.rows):,} rows are used"
    return OwnHistory(_purchases(kept, bool(roles.get("date"))), tuple(remarks), (used, *table.warnings, *dates.notes))


def _without_late(read: Sequence[_Order]) -> tuple[list[_Order], list[RowRemark]]:
    """The orders up to the last day that is believed, and a remark on each later one."""
    if not read:
        return [], []
    last = last_believed([one.day for one in read])
    said = f"lies more than a year after nearly all others, of which the last is {last:%Y-%m-%d}"
    late = [RowRemark(one.number, one.user, f"the date {shown(one.text, 30)} {said}", False) for one in read if one.day > last]
    return [one for one in read if one.day <= last], late


def _purchases(kept: Sequence[_Order], dated: bool) -> Purchases:
    first = min(one.day for one in kept)
    days = np.array([(one.day - first).days for one in kept], dtype=int)
    rows = np.array([one.row for one in kept], dtype=int)
    return Purchases(np.array([one.user for one in kept], dtype=object), rows, days, first.date() if dated else None)
