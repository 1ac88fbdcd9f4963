"""``compare --protocol words``: a colour and a kind as a typed query; are the first ten products of both?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from mmcore.domains.retail.accuracy import interval
from mmcore.domains.retail.catalogue import EMPTY_PURCHASES, Catalogue
from mmcore.domains.retail.features import Step
from mmcore.domains.retail.model import RetailModel
from mmcore.domains.retail.scores import top
from mmcore.domains.retail.shop import asked_for
from mmcore.domains.retail.told import Told
from mmcore.domains.retail.trainer import cache_folder
from mmcore.errors import InputError

FIRST, FEWEST, KINDS, COLOURS = 10, 5, 25, 15


def queries(catalogue: Catalogue) -> dict[str, np.ndarray]:
    """ "dark blue trousers" -> (N,) which products are right: the pairs of a frequent colour and kind that FEWEST products have."""
    kinds, colours = (
        [product.texts.get(field, "").split(",")[0].lower() for product in catalogue.products] for field in ("kind", "colour")
    )
    whole = np.array([product.texts.get("colour", "").lower() for product in catalogue.products])
    found = {}
    for kind, _ in Counter(filter(None, kinds)).most_common(KINDS):
        for colour, _ in Counter(filter(None, colours)).most_common(COLOURS):
            right = (np.array(kinds) == kind) & (np.char.find(whole, colour) >= 0)
            if right.sum() >= FEWEST:
                found[f"{colour} {kind}"] = right
    return found


def word_search(model: RetailModel, catalogue: Catalogue, seed: int, step: Step) -> dict[str, Any]:
    """Share of the first ten that are right, for the model's search, its sentence vectors alone, counted words and chance.

    Where fewer than ten are right, finding all of them counts as one. Intervals are over the queries.
    """
    asked = queries(catalogue)
    if not asked:
        raise InputError("no colour and kind stand together in five products", "Give a catalogue with colours and kinds")
    shop = model.open(catalogue, EMPTY_PURCHASES, step=step, cache=cache_folder())
    told = [shop.told(asked_for(words)[0]) for words in asked]
    whole = [Told(wish=one.wish[:1], weights=one.weights[:1]) for one in told if one.wish is not None and one.weights is not None]
    counted = TfidfVectorizer(sublinear_tf=True)
    table = counted.fit_transform([" ".join(product.words.values()) for product in catalogue.products])
    right = np.stack(list(asked.values()))
    answers = {
        "search by words": top(shop.ranker.scores(told, "text"), FIRST),
        "its sentence vectors alone": top(shop.ranker.scores(whole, "text"), FIRST),
        "words counted (TF-IDF)": top((counted.transform(list(asked)) @ table.T).toarray(), FIRST),
        "chance": np.random.default_rng(seed).integers(0, len(catalogue), (len(asked), FIRST)),
    }
    most = np.minimum(right.sum(axis=1), FIRST)
    shares = {name: np.take_along_axis(right, rows, axis=1).sum(axis=1) / most for name, rows in answers.items()}
    gain = shares["search by words"] - shares["its sentence vectors alone"]
    return {
        "queries": len(asked), "products": len(catalogue),
        "share": {name: float(values.mean()) for name, values in shares.items()},
        "share_ci": {name: interval(values, seed) for name, values in shares.items()},
        "gain": float(gain.mean()), "gain_ci": interval(gain, seed),
    }  # fmt: skip
