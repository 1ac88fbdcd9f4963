"""Whether a text reads like English: by its little words, which no text of some length does without, and by its letters."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
ENGLISH = frozenset(
    _WORD.findall("the and is was were with without of for has had have not on in to from at by he she her his this that are been day days")
)
OTHERS = frozenset(
    _WORD.findall(
        "der das und ist mit nicht ein eine einem einer wurde seit keine kein bei auf für dem den von hat wird zur zum sich auch nach "
        "le les des et est avec pas une dans depuis sans sur aux chez qui cette "
        "el los las con sin una del desde se muestra y es al "
        "os um uma com não sem em da dos das na foi há pelo "
        "il gli della dello nel che non è di ha senza "
        "het een niet van voor sinds geen werd zijn "
        "och att som på av för ikke og det af til"
    )
)
"""Little words of German, French, Spanish, Portuguese, Italian, Dutch and the Nordic languages that English does not use."""
LEAST = 3
"""Little words of other languages from which on a text is called foreign, where they are more than the English ones."""
WARNING = "this does not read like English, the only language that the model has learnt"


def foreign(text: str) -> bool:
    """True where a text is evidently not in English; short ones and mere lists of findings are not called so."""
    words = [word.lower() for word in _WORD.findall(text[:20_000])]
    letters = "".join(words)
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    if len(letters) >= 10 and latin < len(letters) / 2:
        return True
    other, english = (sum(word in known for word in words) for known in (OTHERS, ENGLISH))
    return other >= LEAST and other > english
