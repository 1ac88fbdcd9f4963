"""A small generated shop in the format of a data folder: shirts, trousers and dresses in four colours, and shoppers who keep to a kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

KINDS = {"Shirt": "Garment Upper body", "Trousers": "Garment Lower body", "Dress": "Garment Full body"}
COLOURS = {"Blue": (40, 70, 190), "Red": (200, 40, 40), "Black": (25, 25, 25), "Yellow": (235, 205, 60)}
STYLES = 4
DAYS = 5


def write_shop(folder: Path, seed: int = 0, shoppers: int = 150) -> Path:
    """items, interactions, the day after and pictures; 48 products."""
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    items = []
    for k, (kind, group) in enumerate(KINDS.items()):
        for style in range(STYLES):
            for c, (colour, rgb) in enumerate(COLOURS.items()):
                item = f"P{seed}{k}{style}{c}"
                _draw(kind, rgb, rng).save(folder / "images" / f"{item}.jpg")
                items.append({
                    "item_id": item, "product_code": f"C{seed}{k}{style}", "prod_name": f"{kind} no {style}", "product_type_name": kind,
                    "product_group_name": group, "graphical_appearance_name": "Solid", "colour_group_name": colour,
                    "department_name": f"{kind} department", "detail_desc": f"A {colour.lower()} {kind.lower()} of cotton.",
                    "image": f"images/{item}.jpg",
                })  # fmt: skip
    pd.DataFrame(items).to_parquet(folder / "items.parquet")
    bought = _purchases(items, rng, shoppers, range(DAYS))
    bought.to_parquet(folder / "interactions.parquet")
    regulars = bought["user_id"].unique()[: shoppers // 2]
    later = _purchases(items, rng, shoppers, [DAYS])
    later[later["user_id"].isin(regulars)].to_parquet(folder / "test.parquet")
    return folder


def _purchases(items: list[dict], rng: np.random.Generator, shoppers: int, days: range | list[int]) -> pd.DataFrame:
    """Most purchases keep to the shopper's kind and colour."""
    rows = []
    for shopper in range(shoppers):
        kind, colour = list(KINDS)[shopper % len(KINDS)], list(COLOURS)[shopper // len(KINDS) % len(COLOURS)]
        for day in days:
            if len(days) == 1 or rng.random() < 0.7:
                likes = [one for one in items if one["product_type_name"] == kind or one["colour_group_name"] == colour]
                one = likes[rng.integers(len(likes))] if rng.random() < 0.85 else items[rng.integers(len(items))]
                price = round(0.01 * (1 + list(KINDS).index(one["product_type_name"])), 4)
                date = pd.Timestamp("2020-01-01") + pd.Timedelta(days=day)
                rows.append({"user_id": shopper, "item_id": one["item_id"], "date": date, "price": price})
    return pd.DataFrame(rows)


def _draw(kind: str, rgb: tuple[int, int, int], rng: np.random.Generator) -> Image.Image:
    pixels = np.full((96, 64, 3), 245) + rng.normal(0, 3, (96, 64, 3))
    top, bottom, left, right = {"Shirt": (15, 55, 10, 54), "Trousers": (20, 90, 22, 44), "Dress": (8, 90, 16, 50)}[kind]
    pixels[top:bottom, left:right] = np.array(rgb) + rng.normal(0, 10, (bottom - top, right - left, 3))
    if kind == "Trousers":
        pixels[45:bottom, 31:35] = 245
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
