"""An explanation in sentences, each backed by a number that was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mmcore.domains.retail.catalogue import Catalogue, Product
from mmcore.result import Evidence
from mmcore.wording import NBSP, capital, fine_percent

TITLES = {"image": "what it looks like", "text": "what is written about it", "behaviour": "what people buy"}
ASKED = "what was asked for, praised or refused"
"""Words that count: a wish, and what a review praises or blames."""
PARTS = {
    "towers": "its look and words fit this shopper's taste less",
    "counts": "shoppers with this past buy it less often",
    "factors": "it goes less with the kinds of things this shopper buys",
    "popularity": "fewer people buy it these days",
    "similarity": "it is less like the past products",
    "wish": f"it fits {ASKED} less",
    "photo": "it is less like the photo",
    "described": "its words fit what the photo shows less",
    "less": "it is like what was clicked away",
}
BARRED = {
    "bought": "was bought before: what a shopper has is not suggested again",
    "hidden": "was hidden by the shopper",
    "filtered": "is left out by the filters",
}
"""Why a product may not be shown at all."""
FIELDS = {"name": "its name", "kind": "its kind", "colour": "its colour and pattern", "place": "where in the shop it is",
          "description": "its description", "price": "its price tier"}  # fmt: skip
OF_A_HUNDRED = "Of a hundred such suggestions{} about {} are bought by a shopper who buys something on the day."
THERE = " in the shop that the model learned from"


def reasons(
    catalogue: Catalogue, row: int, probability: float | None, shares: Mapping[str, float], evidence: Sequence[Evidence], known: bool,
    sold: bool, home: bool,
) -> list[str]:  # fmt: skip
    """The probability, the greatest share, the past product, what was asked for and the field that count most, a sentence each.

    Args:
        probability: None where none is told (`Shop.tells`): then nothing is said in points of it either.
        known: whether anything is known of the shopper; ``sold`` whether anybody has bought the product; ``home`` whether in this shop the
            probability was calibrated.
    """
    told = probability is not None
    said = []
    if probability is not None:
        said = [OF_A_HUNDRED.format("" if home else THERE, fine_percent(probability).removesuffix(f"{NBSP}%"))]
    if not known:
        why = ": it is here because many people buy it" if sold else ", and nobody has bought this product yet"
        return [*said, f"Nothing is known of this shopper{why}."]
    first = max(shares, key=lambda name: shares[name])
    if shares[first] > 0:
        said.append(f"Most comes from {TITLES[first]}{f' ({_points(shares[first])})' if told else ''}.")
    past = [piece for piece in evidence if "item" in piece.where and piece.score > 0]
    if past:
        best = max(past, key=lambda piece: piece.score)
        name = catalogue.products[catalogue.rows[str(best.where["item"])]].name
        lost = f"Without the past product {name} it would lose {_points(best.score)}."
        said.append(lost if told else f"Of the past, {name} speaks most for it.")
    asked = [piece for piece in evidence if piece.where.get("field") in ("wish", "photo") and piece.score > 0]
    for piece in asked:
        name = {"wish": ASKED, "photo": "the photo"}[str(piece.where["field"])]
        said.append(f"Without {name} it would lose {_points(piece.score)}." if told else f"{capital(name)} speaks for it.")
    words = [piece for piece in evidence if piece.modality == "text" and piece.where.get("field") in FIELDS and piece.score > 0]
    if words:
        best = max(words, key=lambda piece: piece.score)
        points = f" ({_points(best.score)})" if told else ""
        said.append(f"Of its words, {FIELDS[str(best.where['field'])]} counts most: “{best.value}”{points}.")
    return said or ["Nothing that was taken away alone speaks for it."]


def why_not_reasons(
    product: Product, barred: str, rank: int, shown: bool, k: int, lacks: Mapping[str, float], edits: Mapping[str, int]
) -> list[str]:
    """Why a product is not on the shelf, in sentences.

    Args:
        barred: a key of BARRED, "" for none; ``shown``: whether it is on the shelf.
    """
    if barred:
        return [f"{product.name} {BARRED[barred]}."]
    if shown:
        return [f"{product.name} is on the shelf, at place {rank}."]
    if rank <= k:
        return [f"{product.name} stands at place {rank} by its score, but is so like what stands above it that diversity prefers another."]
    said = [f"{product.name} stands at place {rank}; the shelf ends at {k}."]
    held = [name for name in sorted(lacks, key=lambda name: lacks[name]) if lacks[name] < 0][:2]
    said += [f"Against the last product of the shelf, {PARTS[name]}." for name in held]
    if edits:
        best = min(edits, key=lambda sentence: edits[sentence])
        if edits[best] < rank:
            said.append(f"It would stand at place {edits[best]} {best}.")
    return said


def parts(shares: Mapping[str, float]) -> dict[str, float]:
    """Each share as a part of all that speaks for or against, -1 to 1: the sizes add up to 1, or are all 0."""
    whole = sum(abs(share) for share in shares.values()) or 1.0
    return {name: share / whole for name, share in shares.items()}


def _points(share: float) -> str:
    return f"{100 * share:.1f} points" if share >= 0.01 else f"{100 * share:#.2g} points"
