"""A text encoder that must not see some words: those that name the answer, and names of people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mmcore.case import Text
from mmcore.encoders import person_names
from mmcore.encoders.card import EncoderCard
from mmcore.encoders.minilm import TextEncoder, minilm_card
from mmcore.tokens import Tokens

NAME = "minilm_masked"


class MaskedTextEncoder:
    """MiniLM over the text without its masked words; each text's tokens are scaled so that their mean has unit length.

    Args:
        mask: regular expressions, each of one or more whole words, compared without case.
    """

    def __init__(self, inner: TextEncoder, mask: Sequence[str]) -> None:
        self.inner = inner
        self.mask = mask_pattern(mask)
        self.card = masked_card()

    def tokens(self, text: Text) -> Tokens:
        """As MiniLM's, at the same places; a masked word has no token."""
        found = self.inner.tokens(Text(masked(text.text, self.mask)))
        if not found.present:
            return found
        length = float(found.features[found.mask].mean(dim=0).norm().clamp(min=1e-6))
        return replace(found, features=found.features / length)

    def absent(self) -> Tokens:
        """Tokens of a missing text, all hidden."""
        return self.inner.absent()

    def warm(self) -> None:
        """Builds the network now, where it is not built yet."""
        self.inner.warm()


def masked_card() -> EncoderCard:
    """MiniLM's, with what is hidden from it."""
    card = minilm_card()
    return replace(card, name=NAME, input=f"{card.input}; words that name the answer, and names of people, are hidden from it")


def mask_pattern(mask: Sequence[str]) -> re.Pattern[str]:
    """One expression for all of them, as whole words."""
    words = "|".join(text.replace(" ", r"\s+") for text in mask) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def hidden(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """(from, to) of what the encoder does not see, in order, without overlaps."""
    names = person_names.find(text)
    found: list[tuple[int, int]] = []
    for start, stop in sorted([*(match.span() for match in pattern.finditer(text)), *names, *person_names.again(text, names)]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        elif stop > start:
            found.append((start, stop))
    return found


def masked(text: str, pattern: re.Pattern[str]) -> str:
    """As many characters as before, hidden words as spaces."""
    for start, stop in hidden(text, pattern):
        text = text[:start] + " " * (stop - start) + text[stop:]
    return text
