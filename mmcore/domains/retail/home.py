"""Whether a shop is the one whose shoppers a model's probabilities were calibrated on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.weights import basket_hashes, seen


def at_home(folder: Path, catalogue: Catalogue, purchases: Purchases) -> bool:
    """True where at least half of the baskets (what a shopper bought on one day) were in the training of the model in ``folder``."""
    began, baskets = purchases.began, dict[tuple[str, int], list[str]]()
    if began is None:
        return False
    for name, row, day in zip(purchases.shoppers, purchases.rows.tolist(), purchases.days.tolist(), strict=True):
        baskets.setdefault((name, day), []).append(catalogue.products[row].id)
    hashes = basket_hashes((str(began + timedelta(days=day)), items) for (_, day), items in baskets.items())
    return 2 * (seen(folder, hashes) or 0) >= len(hashes) > 0
