'''Retail: products ranked for a shopper by what they look like, what is written about them and what people buy.

The page's way in::

    from mmcore.domains.retail import Catalogue, Product, Purchases, Shopper, load

    model = load("fashion")                                   # once a process; a name or a folder that `train` wrote
    catalogue = Catalogue((Product("A1", "A", {"name": "Striped shirt", "kind": "Shirt", "colour": "Blue, Stripe"}, picture), ...))
    purchases = Purchases(shoppers, rows, days)               # (P,) arrays; rows = catalogue.rows[id], days = whole numbers
    shop = model.open(catalogue, purchases, step=progress, cache=folder)   # progress(stage, done, total) may raise to cancel;
                                                              # with a cache folder the next call goes on where that one stopped
    shop.warm(progress)                                       # solves the counts of every subset now instead of at the first shelf

    shopper = Shopper(rows=(3, 17), ages=(1, 2), wish="", photo=None, likes={})   # or purchases.histories()["some id"]
    shelf = shop.shelf(shopper, 20, without=(), blend={"image": 1.5}, diversity=0.2, allowed=mask, hide=(5,), less=(8,))
    shelf.items[0].probability, shelf.items[0].explanation.shares, shelf.any_probability, shelf.known, shelf.reasons
    shop.explain(shopper, "A1")                               # (Explanation with words and patches, pairs of patches that look alike)
    shop.why_not(shopper, "A1")                               # rank, what holds it back, what would move it up
    shop.search("in blue", photo, shopper)                    # by words, photo or both; with a shopper, leaning to their taste
    shop.like_these(more=[3], shopper=shopper)                # "more like this": another Shopper; "less like this" is an option of a shelf
    shop.batch(shoppers, 20)                                  # (B, 20) rows and probabilities
    shop.reach("A1", shoppers); shop.launch(shoppers)         # whom a product would reach; products nobody has bought yet

A data folder in the format of retail_hm_week: ``week.read_interactions``, ``week.read_catalogue``, ``week.as_purchases``.
Everything the user can get wrong raises InputError with a hint.
'''

from mmcore.domains.retail.catalogue import EMPTY_PURCHASES, TEXT_FIELDS, Catalogue, Product, Purchases, Shopper
from mmcore.domains.retail.model import RetailModel, load
from mmcore.domains.retail.shelf import PatchPair, Shelf, ShelfItem, WhyNot
from mmcore.domains.retail.shop import Shop

__all__ = [
    "EMPTY_PURCHASES", "TEXT_FIELDS", "Catalogue", "PatchPair", "Product", "Purchases", "RetailModel", "Shelf", "ShelfItem", "Shop",
    "Shopper", "WhyNot", "load",
]  # fmt: skip
