"""A chain of reasons in plain words. No sentence without a measured number behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mmcore.wording import MINUS, capital, listing, no_guarantee, percent


@dataclass(frozen=True)
class Facts:
    """What the sentences are made of; probabilities between 0 and 1.

    Attributes:
        names: modality -> its name in a sentence, such as "photo".
        values: subset -> probability of the target.
        leading: subset -> (name, probability) of the most probable class with only those modalities.
        fields: (title and value of a field, loss of probability without it), strongest first.
        words: (words of the text, loss of probability without them), strongest first.
        patches: (place in words, loss of probability without it) of the patch that speaks most for the target and of the one that
            speaks most against it, and the number of patches that carry half of what speaks for it; None where there is no picture.
        unlike: names of the inputs unlike anything seen in training, for which no set keeps its promise.
        edit: (field's title, value, name and probability of the answer that it would change to), or None.
    """

    target: str
    probability: float
    rank: int
    classes: int
    names: Mapping[str, str]
    values: Mapping[str, float]
    shares: Mapping[str, float]
    interaction: float
    leading: Mapping[str, tuple[str, float]]
    fields: Sequence[tuple[str, float]]
    patches: tuple[tuple[str, float], tuple[str, float], int] | None
    edit: tuple[str, str, str, float] | None
    set_names: Sequence[str]
    level: float
    calibration_n: int
    unlike: Sequence[str] = ()
    words: Sequence[tuple[str, float]] = ()


def reasoning(facts: Facts) -> tuple[str, ...]:
    """The sentences, from the answer to what would change it."""
    out = [_answer(facts)]
    if len(facts.names) > 1:
        out += [_alone(facts), _shares(facts)]
    out += _inside("record", facts.fields) + _picture(facts) + _inside("note", [(f"“{text}”", score) for text, score in facts.words])
    if len(facts.names) > 1:
        out += _removed(facts)
    if facts.edit:
        field, value, name, probability = facts.edit
        out.append(f"If {field} were {value}, the answer would be {name} with {percent(probability)}.")
    out.append(_set(facts))
    return tuple(out)


def points(share: float) -> str:
    """A difference of probabilities in percentage points, signed: +12 points."""
    number = f"{share * 100:+.0f}"
    return f"{number} point{'s' if number[1:] != '1' else ''}".replace("-", MINUS) if abs(share) >= 0.005 else "less than a point"


def _answer(facts: Facts) -> str:
    place = {1: "the most probable", 2: "the second most probable"}.get(facts.rank, f"number {facts.rank}")
    before = f"before looking, it was {percent(facts.values[''])} (its share in training)"
    return f"{facts.target} is {place} of {facts.classes} classes at {percent(facts.probability)}; {before}."


def _alone(facts: Facts) -> str:
    parts = [f"the {name} alone gives {percent(facts.values[modality])}" for modality, name in facts.names.items()]
    return capital(f"{', '.join(parts)}; together {percent(facts.probability)}.")


def _shares(facts: Facts) -> str:
    parts = [f"the {name} {points(facts.shares[modality])}" for modality, name in facts.names.items()]
    more = "more" if facts.interaction > 0 else "less"
    extra = f" Together they move it {points(abs(facts.interaction)).lstrip('+')} {more} than the sum of what each moves alone."
    extra = extra if abs(facts.interaction) >= 0.005 else ""
    return f"Shared fairly: {listing(parts)}.{extra}"


def _inside(where: str, pieces: Sequence[tuple[str, float]]) -> list[str]:
    """What in the record or the note speaks most for the class, and what against it."""
    speaks = [(text, score) for text, score in pieces if score >= 0.005][:2]
    against = [(text, score) for text, score in pieces if score <= -0.005][:1]
    out = []
    if speaks:
        listed = " and ".join(f"{text} ({points(score)})" for text, score in speaks)
        out.append(f"In the {where}, {listed} {'speak' if len(speaks) > 1 else 'speaks'} for it.")
    if against:
        out.append(f"Against it in the {where}: {against[0][0]} ({points(against[0][1])}).")
    return out


def _picture(facts: Facts) -> list[str]:
    if facts.patches is None:
        return []
    (place, score), (other, against), count = facts.patches
    out = []
    if score >= 0.005:
        half = f"{count} {'patch carries' if count == 1 else 'patches carry'} half of what speaks for it"
        out.append(f"In the picture, the patch {place} speaks most for it: blurring it takes {score * 100:.1f} points; {half}.")
    if against <= -0.005:
        patch = f"{'another' if other == place and score >= 0.005 else 'the'} patch {other}"
        out.append(f"Against it in the picture: {patch}; blurring it adds {-against * 100:.1f} points.")
    if not out:
        most = round(score * 100, 1) + 0.0  # no minus zero
        taken = f"blurring the strongest takes {most:.1f} points"
        out.append(f"No single patch of the picture decides: {taken}; the whole makes the impression.")
    return out


def _removed(facts: Facts) -> list[str]:
    out = []
    whole = facts.leading["+".join(facts.names)][0]
    for modality, name in facts.names.items():
        rest = "+".join(m for m in facts.names if m != modality)
        label, probability = facts.leading[rest]
        if label != whole:
            out.append(f"Without the {name} the answer would be {label} with {percent(probability)}.")
    return out


def _set(facts: Facts) -> str:
    names, many = listing(list(facts.set_names)), len(facts.set_names) > 1
    sure = f"{percent(facts.level)} certainty"
    if facts.unlike:
        would = f"at {sure} {'the answer would lie among ' + names if many else names + ' would stand alone'}, but "
        return no_guarantee(facts.unlike, would, f"the {facts.calibration_n} cases that this rests on")
    answer = f"the answer lies among {names}" if many else f"{names} stands alone"
    return f"At {sure} {answer}. This rests on {facts.calibration_n} cases that the scoring networks had not seen."
