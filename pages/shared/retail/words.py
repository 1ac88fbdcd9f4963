"""What the retail page calls things, and what its hovers say."""

from __future__ import annotations

from mmcore.wording import MINUS, NBSP

TITLES = {"image": "Look", "text": "Words", "behaviour": "What people buy"}
COLOURS = {"image": "#2f7ed8", "text": "#b0619f", "behaviour": "#5f9e3f"}
SHARE_LEAST = 0.000005  # probability: a weaker share is told as zero
PROBABILITY = (
    "Calibrated: of many suggestions called 2 %, about two in a hundred were bought by shoppers who bought something on that day. "
    "Measured on a real shop's day that nothing was fitted on; in another shop the order holds better than the numbers."
)
ANY = "How likely it is that at least one of these products is bought, by a shopper who buys something that day."
SHARES = (
    "What look, words and buying behaviour each add to the product's probability (Shapley shares): with the base they sum to it exactly. "
    "Blue is the look, purple the words, green what people buy; a hatched part speaks against it."
)
PARTS = (
    "How much of all that speaks for or against the product is of each kind: look, words and buying behaviour (Shapley shares); the sizes "
    "add up to 100 %. Blue is the look, purple the words, green what people buy; a hatched part speaks against it."
)
STRONGEST = "Each was taken away alone; 100 % is what counts most."
BLEND = "How much each kind of evidence counts in the order; 1 is as trained. It changes the order alone."
DIVERSITY = "0 is the plain order. Higher: a product that is like those above it gives way to one that is not."
LESS = "Less like this: it goes down, and so does what is more like it than like anything they bought. It changes the order alone."
WITHOUT = "The same shelf as the model ranks it when it may not use this kind of evidence, on neither side."
REVIEW = (
    "Praise of a product's colour, fabric, fit or comfort pulls up products of which the catalogue says what it says of that one, blame "
    "pushes them down; a wish (“I prefer …”) counts as it stands. The reader was trained on real reviews of another shop and knows English "
    "only."
)
GENERATED = "Drawn and invented by a program: no such garment is for sale and no such shopper exists."


def part(share: float) -> str:
    """A part of a whole, -1 to 1, with its sign: "+52 %", "−12 %", "0 %"."""
    size = round(100 * abs(share))
    return f"{'' if not size else '+' if share > 0 else MINUS}{size}{NBSP}%"


def change(difference: float) -> str:
    """A difference of two probabilities in points, finely: "+1.4 pts", "+0.31 pts", "−0.038 pts"."""
    if abs(difference) < SHARE_LEAST:
        return f"0{NBSP}pts"
    size = abs(100 * difference)
    return f"{'+' if difference > 0 else MINUS}{f'{size:.1f}' if size >= 1 else f'{size:#.2g}'}{NBSP}pts"
