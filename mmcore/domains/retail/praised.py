"""What a review says that a shelf can follow: praise or blame of a product, as what the catalogue says of that product; and wishes."""

from __future__ import annotations

import re

from mmcore.domains.retail.catalogue import Product
from mmcore.domains.retail.reviews.aspects import mentions
from mmcore.domains.retail.reviews.reading import Aspect, read_review

WEIGHT = 0.6  # of what one clause says, beside a wish's 1
ASPECTS = ("fit", "fabric", "colour", "comfort")
_WISH = re.compile(r"(?<!not )(?<!n't )\b(?:prefer|rather|i wish|looking for|(?:would|i'd) (?:like|love))\b", re.IGNORECASE)


def likes(review: str, product: Product | None) -> dict[str, float]:
    """Words -> weight, above 0 for what is praised or wished for, below for what is blamed.

    Args:
        product: what the review is about; of what the catalogue does not say of it, praise and blame tell nothing about others. None where
            that is not known: then the clauses themselves count.
    """
    found: dict[str, float] = {}
    for aspect in read_review(review).aspects if review.strip() else ():
        clause = review[aspect.start : aspect.end]
        if aspect.name not in ASPECTS:
            continue
        if _WISH.search(clause):
            found[clause] = WEIGHT
        elif aspect.polarity:
            said = [clause] if product is None else _own(product, aspect)
            found |= dict.fromkeys(said, WEIGHT * aspect.polarity)
    return found


def _own(product: Product, aspect: Aspect) -> list[str]:
    """What the catalogue says of this aspect of the product."""
    if aspect.name == "colour":
        return [words] if (words := product.texts.get("colour", "")) else []
    text = product.texts.get("description", "")
    return [text[found.start : found.end] for found in mentions(text) if found.aspect == aspect.name]
