"""A user's own order history: who bought what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.own_columns import ORDERS, check_roles
from mmcore.domains.retail.own_dates import FIRST, Dates, read_dates
from mmcore.domains.retail.own_table import OwnTable, RowRemark, cell
from mmcore.errors import InputError
from mmcore.readers.names import shown


@dataclass(frozen=True)
class OwnHistory:
    """The purchases that can be used, every remark on a row, and notes on the file as a whole."""

    purchases: Purchases
    remarks: tuple[RowRemark, ...]
    notes: tuple[str, ...]


def read_own_history(table: OwnTable, roles: Mapping[str, str], catalogue: Catalogue) -> OwnHistory:
    """Purchases from the rows of a table; those of products that are not in the catalogue are listed and left out.

    Args:
        roles: role of ORDERS -> column; without ``date`` all count as bought on one day.

    Raises:
        InputError: no column is the shopper or the product, or no row can be used.
    """
    check_roles(roles, table.columns, ORDERS)
    texts = [cell(row, roles, "date") for row in table.rows]
    dates = read_dates(texts) if roles.get("date") else Dates((FIRST,) * len(texts), {}, ("no dates: all count as one day",))
    remarks, shoppers, rows, days = [], [], [], []
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
        if wrong or day is None:
            remarks.append(RowRemark(number, user, wrong, False))
            continue
        remarks += [RowRemark(number, user, doubt, True)] if doubt else []
        shoppers.append(user)
        rows.append(catalogue.rows[item])
        days.append((day - FIRST).days)
    if not rows:
        first = f"; row {remarks[0].number}: {remarks[0].what}" if remarks else ""
        raise InputError(f"none of {len(table.rows)} rows can be used{first}", "Each row needs a shopper and a product of the catalogue")
    first_day = min(days)
    found = Purchases(np.array(shoppers, dtype=object), np.array(rows, dtype=int), np.array(days, dtype=int) - first_day)
    read = f"{len(rows):,} of {len(table.rows):,} rows are used"
    return OwnHistory(found, tuple(remarks), (read, *table.warnings, *dates.notes))
