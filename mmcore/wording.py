"""Numbers and values as people read them: "61 %", "+11 pts", "yes"."""

from __future__ import annotations

from collections.abc import Sequence

NBSP = "\u00a0"
MINUS = "\u2212"


def percent(probability: float) -> str:
    """A probability in 0..1 as "61 %"; what would round to 0 or 100 says "<1 %" or ">99 %" unless it is exactly that."""
    if 0 < probability < 0.005:
        return f"<1{NBSP}%"
    if 0.995 <= probability < 1:
        return f">99{NBSP}%"
    return f"{100 * probability:.0f}{NBSP}%"


def fine_percent(probability: float) -> str:
    """A probability that may be small: "4.2 %", "0.31 %", "<0.01 %"."""
    share = 100 * probability
    if 0 < share < 0.01:
        return f"<0.01{NBSP}%"
    return f"{share:.0f}{NBSP}%" if share >= 10 else f"{share:.1f}{NBSP}%" if share >= 1 else f"{share:.2f}{NBSP}%"


def points(difference: float) -> str:
    """A difference of two probabilities in percentage points with its sign: "+11 pts", "−3 pts", "0 pts"."""
    size = abs(100 * difference)
    if size < 0.05:
        return f"0{NBSP}pts"
    number = f"{size:.1f}" if size < 0.95 else f"{size:.0f}"
    return f"{'+' if difference > 0 else MINUS}{number}{NBSP}pts"


def size(difference: float) -> str:
    """How large a difference of two probabilities is: "11 pts"."""
    return points(abs(difference)).lstrip("+")


def adds(what: str, share: float, plural: bool) -> str:
    """ "sight adds 12 pts", "the lips take away 2 pts"."""
    verb = ("add" if share >= 0 else "take") + ("" if plural else "s")
    return f"{what} {verb} {'away ' * (share < 0)}{size(share)}"


def change(before: float, after: float) -> str:
    """Two probabilities as "61 % → 48 %"."""
    return f"{percent(before)} → {percent(after)}"


def moved(before: float, after: float) -> str:
    """How far "61 % → 48 %" goes, as one would reckon it from the two as they are written: "−13 pts"; a smaller step as `points`."""
    step = round(100 * after) - round(100 * before)
    return points(step / 100) if step else points(after - before)


def listing(names: list[str] | tuple[str, ...]) -> str:
    """Names as "a", "a and b" or "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def spoken(value: float | str) -> str:
    """A record's value: 54 for 54.0, True and False as yes and no, CAPITALS as a word; what is shorter than a word, as PA or F, stays."""
    if not isinstance(value, str):
        return f"{value:g}"
    flags = {"True": "yes", "False": "no"}
    return flags.get(value, value.lower() if value.isupper() and len(value) > 2 else value)


def capital(text: str) -> str:
    """``text`` with a capital at its beginning and nothing else changed, as a list or a label begins; a file's name there stays."""
    first = text.split(" ", 1)[0].rstrip(".:,")
    return text if "." in first else text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """``text`` as a sentence of its own: a capital at its beginning and a full stop at its end; "" stays."""
    told = capital(text.strip())
    return told if not told or told.endswith((".", "?", "!")) else f"{told}."


def no_guarantee(names: Sequence[str], would: str, known: str) -> str:
    """What is said where inputs are unlike those that a prediction set's promise rests on.

    Args:
        names: of the inputs, as in a sentence.
        would: what the set would say, ", but " included; may be empty.
        known: what they are unlike.
    """
    odd = [f"the {name}" for name in names]
    return f"No guarantee here: {would}{listing(odd)} {'are' if len(odd) > 1 else 'is'} unlike {known}."


def in_sentence(title: str) -> str:
    """A title inside a sentence: "Chest X-ray" as "chest X-ray"; a first word that is no plain word ("X-ray", "FHIR") stays as it is."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
