"""``compare --protocol photos``: people's own photos of clothes as queries; are the nearest ten products of the photo's kind?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mmcore.domains.retail.accuracy import interval
from mmcore.domains.retail.catalogue import EMPTY_PURCHASES, Catalogue, read_or_none
from mmcore.domains.retail.features import Step, unit
from mmcore.domains.retail.model import RetailModel
from mmcore.domains.retail.scores import top
from mmcore.domains.retail.told import Told
from mmcore.domains.retail.trainer import cache_folder
from mmcore.domains.retail.week import picture_path, read_pixels
from mmcore.errors import InputError

FOLDER, TABLE = "retail_clothing_photos", "photos.csv"
NEAREST, BATCH = 10, 16
KINDS: dict[str, tuple[str, ...]] = {
    "t-shirt": ("T-shirt", "Top", "Vest top", "Polo shirt"),
    "longsleeve": ("Sweater", "Hoodie", "Cardigan", "Top", "Blouse"),
    "shirt": ("Shirt", "Blouse"),
    "pants": ("Trousers", "Leggings/Tights", "Pyjama bottom"),
    "dress": ("Dress",),
    "skirt": ("Skirt",),
    "shorts": ("Shorts",),
    "outwear": ("Jacket", "Coat", "Blazer", "Outdoor Waistcoat"),
    "shoes": ("Boots", "Sneakers", "Ballerinas", "Flat shoe", "Heeled sandals", "Slippers", "Pumps", "Sandals"),
    "hat": ("Hat/beanie", "Cap/peaked", "Beanie", "Hat/brim", "Felt hat"),
}
"""Kind of a photo -> product types that are right for it, fixed before the first measurement."""


def photo_search(model: RetailModel, catalogue: Catalogue, data: Path, seed: int, step: Step) -> dict[str, Any]:
    """Share of the nearest ten that are of the photo's kind, for the model's search, plain EfficientNet features and chance.

    Args:
        data: the catalogue's folder, beside which the photos lie.
    """
    table = _photos(data.parent / FOLDER)
    shop = model.open(catalogue, EMPTY_PURCHASES, step=step, cache=cache_folder())
    kinds = np.array([product.texts.get("kind", "").split(",")[0] for product in catalogue.products])
    right = np.stack([np.isin(kinds, KINDS[label]) for label in table["label"]])
    vectors, there = _encode(model, list(table["path"]), step)
    right, labels = right[there], table["label"].to_numpy()[there]
    pictured = np.flatnonzero(shop.raw.has_image)
    looks = model.projection.look(vectors)
    told = [Told(photo=look, described=words) for look, words in zip(looks, model.projection.described(looks), strict=True)]
    plain = unit(vectors) @ unit(shop.raw.image[pictured].astype(np.float32)).T
    answers = {
        "search by photo": top(shop.ranker.scores(told, "image+text")[:, pictured], NEAREST),
        "by look alone": top(shop.ranker.scores(told, "image")[:, pictured], NEAREST),
        "plain EfficientNet features": top(plain, NEAREST),
        "chance": np.random.default_rng(seed).integers(0, len(pictured), (len(told), NEAREST)),
    }
    shares = {name: np.take_along_axis(right[:, pictured], rows, axis=1).mean(axis=1) for name, rows in answers.items()}
    gain = shares["search by photo"] - shares["plain EfficientNet features"]
    return {
        "photos": len(told), "unreadable": int((~there).sum()), "products": len(pictured),
        "share": {name: float(values.mean()) for name, values in shares.items()},
        "share_ci": {name: interval(values, seed) for name, values in shares.items()},
        "gain_over_plain": float(gain.mean()), "gain_over_plain_ci": interval(gain, seed),
        "by_kind": {
            label: {"photos": int((labels == label).sum()), "products": int(np.isin(kinds, KINDS[label]).sum())}
            | {name: float(values[labels == label].mean()) for name, values in shares.items()}
            for label in KINDS if (labels == label).any()
        },
    }  # fmt: skip


def _photos(folder: Path) -> pd.DataFrame:
    """label and path of every photo of a known kind."""
    try:
        table = pd.read_csv(folder / TABLE, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        message = f"{TABLE} of {FOLDER} cannot be read ({type(error).__name__})"
        raise InputError(message, f"Put {FOLDER} beside the catalogue's folder") from error
    if not {"image", "label"} <= set(table.columns):
        raise InputError(f"{TABLE} has no columns image and label", f"Columns there: {', '.join(map(str, table.columns[:12]))}")
    table["path"] = [picture_path(folder / "images", name) for name in table["image"]]
    table = table[table["label"].isin(list(KINDS)) & table["path"].notna()].reset_index(drop=True)
    if not len(table):
        raise InputError(f"{FOLDER} has no photo of a known kind", f"Kinds: {', '.join(KINDS)}")
    return table


def _encode(model: RetailModel, paths: Sequence[Path], step: Step) -> tuple[np.ndarray, np.ndarray]:
    """(K, 1280) of those that can be read, and (N,) which those are."""
    found, there = [], np.zeros(len(paths), bool)
    for start in range(0, len(paths), BATCH):
        read = {at: read_or_none(lambda at=at: read_pixels(paths[at])) for at in range(start, min(start + BATCH, len(paths)))}  # type: ignore[misc]
        pictures = [pixels for pixels in read.values() if pixels is not None]
        there[[at for at, pixels in read.items() if pixels is not None]] = True
        if pictures:
            found.append(model.encoders.pixels(pictures).mean(axis=1))
        step("photos", start + len(read), len(paths))
    return np.concatenate(found) if found else np.zeros((0, 1280), np.float32), there
