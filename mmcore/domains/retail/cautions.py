"""What a shelf says about itself: that nothing is known, that nothing matches, and why its order counts and no probability is told."""

from __future__ import annotations

from mmcore.domains.retail.catalogue import Catalogue
from mmcore.readers.language import foreign

UNKNOWN = "Nothing is known of this shopper: the shelf shows what is bought most, not what suits them."
NOTHING_SOLD = "Nothing is known of this shopper, and nobody has bought anything of this catalogue: the order means nothing."
ASKED = (
    "What is typed, reviewed or shown in a photo counts by weights set by hand: no shop records it beside what was bought then. "
    "So no probability is told. Trust the order."
)
ELSEWHERE = "Probabilities are those of the shop that the model learned from; for this one they are not checked. Trust the order first."
UNLIKE = "No product is described in words like these; what follows is nearest in meaning, which may be far off."
ENGLISH = "Ask in English, as the products are described."
NOT_ENGLISH = "The products are not described in English, the one language that the model has learnt: ask in their words, and expect less."
READ = 200
"""Products by whose words the language of a catalogue is told."""


def language(catalogue: Catalogue) -> str:
    """In which language to ask for the products, in a sentence."""
    said = " ".join(text for product in catalogue.products[:READ] for text in product.texts.values())
    return NOT_ENGLISH if foreign(said) else ENGLISH
