"""A data folder as ``retail_hm_week`` lays it out: items, interactions and, for evaluation, the day after."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.domains.retail.catalogue import Catalogue, Product, Purchases
from mmcore.errors import InputError
from mmcore.readers.files import is_file, listed, read_file
from mmcore.readers.limits import LIMITS
from mmcore.readers.picture import read_picture

ITEMS, INTERACTIONS, TEST = "items.parquet", "interactions.parquet", "test.parquet"
FIELDS = {
    "name": ("prod_name",),
    "kind": ("product_type_name", "product_group_name", "garment_group_name"),
    "colour": ("colour_group_name", "perceived_colour_value_name", "graphical_appearance_name"),
    "place": ("department_name", "section_name", "index_name"),
    "description": ("detail_desc",),
}


def read_catalogue(folder: Path, purchases: pd.DataFrame | None = None) -> Catalogue:
    """The products of a data folder; price tiers are quarters of the products' mean prices in ``purchases``."""
    table = read_table(folder / ITEMS, ("item_id",))
    table = table[table["item_id"] != ""].drop_duplicates("item_id").sort_values("item_id")
    if len(table) < 2:
        raise InputError(f"{ITEMS} has {len(table)} products", "A catalogue needs at least two")
    tiers = price_tiers(purchases) if purchases is not None else {}
    columns = {name: [column for column in wanted if column in table] for name, wanted in FIELDS.items()}
    products = []
    for row in table.to_dict("records"):
        texts = {name: ", ".join(row[column] for column in found if row[column]) for name, found in columns.items()}
        path = picture_path(folder, row.get("image", ""))
        products.append(
            Product(
                row["item_id"],
                row.get("product_code") or row["item_id"],
                texts,
                None if path is None else functools.partial(read_pixels, path),
                "" if path is None else str(path.stat().st_size),
                tiers.get(row["item_id"], 0),
            )
        )
    return Catalogue(tuple(products), title=folder.name, generated=False)


def read_purchases(folder: Path, catalogue: Catalogue, table: pd.DataFrame | None = None) -> Purchases:
    """The interactions of products in the catalogue; rows with an unreadable date are left out."""
    return as_purchases(read_interactions(folder / INTERACTIONS) if table is None else table, catalogue)


def read_interactions(path: Path) -> pd.DataFrame:
    """user_id, item_id, date and, where it is there, price."""
    table = read_table(path, ("user_id", "item_id", "date"), text=("user_id", "item_id"))
    table["date"] = pd.to_datetime(table["date"], errors="coerce")
    return table[table["date"].notna()]


def as_purchases(table: pd.DataFrame, catalogue: Catalogue) -> Purchases:
    """Rows of a table as purchases, days counted from its first."""
    rows = table["item_id"].map(catalogue.rows)
    known = rows.notna().to_numpy()
    first = table["date"].min() if len(table) else pd.Timestamp(0)
    days = (table["date"] - first).dt.days.to_numpy() if len(table) else np.array([], dtype=int)
    return Purchases(
        table["user_id"].to_numpy(dtype=object)[known], rows[known].to_numpy().astype(int), np.asarray(days, dtype=int)[known], first.date()
    )


def read_truth(folder: Path, catalogue: Catalogue) -> tuple[list[str], dict[str, set[int]] | None]:
    """Shoppers of the test day, in order, and what each bought; None for the latter where the labels are missing."""
    table = read_table(folder / TEST, ("user_id",), text=("user_id", "item_id"))
    shoppers = sorted(set(table["user_id"]))
    if "item_id" not in table:
        return shoppers, None
    rows = table["item_id"].map(catalogue.rows)
    truth: dict[str, set[int]] = {name: set() for name in shoppers}
    for name, row in zip(table["user_id"], rows, strict=True):
        if row == row:
            truth[name].add(int(row))
    return shoppers, truth


def price_tiers(table: pd.DataFrame) -> dict[str, int]:
    """Item id -> 1 to 4, the quarter of its mean price among the products that were bought."""
    if "price" not in table or not len(table):
        return {}
    prices = pd.to_numeric(table["price"], errors="coerce").groupby(table["item_id"]).mean().dropna()
    edges = np.quantile(prices, [0.25, 0.5, 0.75]) if len(prices) else []
    return {str(item): 1 + int(np.searchsorted(edges, price, side="left")) for item, price in prices.items()}


def read_table(path: Path, required: Sequence[str], text: Sequence[str] | None = None) -> pd.DataFrame:
    """A Parquet file; the columns named in ``text`` (all but numbers and dates where it is None) as text, "" where empty."""
    try:
        table = pd.read_parquet(path)
    except FileNotFoundError as error:
        raise InputError(f"{path.name} is not in {path.parent}", f"A data folder holds {ITEMS}, {INTERACTIONS} and {TEST}") from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path.name} cannot be read as Parquet ({type(error).__name__})", "Write it again as Parquet") from error
    missing = [name for name in required if name not in table]
    if missing:
        raise InputError(f"{path.name} has no column {missing[0]!r}", f"Columns there: {', '.join(map(str, table.columns[:12]))}")
    for name in table.columns if text is None else [name for name in text if name in table]:
        table[name] = table[name].astype("string").fillna("").astype(object)
    return table


def picture_path(folder: Path, name: str) -> Path | None:
    """The picture in the folder; None where there is none or the name leads outside."""
    try:
        path = listed(folder, name)
    except InputError:
        return None
    return path if is_file(path) else None


def read_pixels(path: Path) -> np.ndarray:
    """(H, W, 3) uint8 of a picture file; InputError where it is none."""
    return read_picture(read_file(path, LIMITS))[0].pixels
