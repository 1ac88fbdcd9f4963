"""The few figures of figures.json that stand for a model, and what they say in plain words: the same on the page and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmcore.wording import percent

PATHS = ("n", "accuracy", "music.found", "speech.found", "conditions.clean.fused", "conditions.-10dB.fused")
"""Where the figures of a model without classes or a shelf stand in figures.json."""


def main_figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What `compare` states as headline; where it states none, those of PATHS that were measured, by path."""
    stated = figures.get("headline")
    if stated:
        return dict(stated)
    return {path: value for path in PATHS if (value := _at(figures, path)) is not None}


def told(figures: Mapping[str, Any]) -> str:
    """The same as sentences for people; "" where none is known to stand for the model."""
    found = main_figures(figures)
    if "accuracy_answered" in found:
        return _classes(figures, found)
    if "recall@20" in found:
        return _shelf(figures, found)
    if "conditions.-10dB.fused" in found:
        return _command(figures, found)
    return _sounds(figures, found) if "accuracy" in found else ""


def of_100(share: float) -> str:
    """A share in 0..1 as "87 of 100"."""
    return f"{100 * share:.0f} of 100"


def _at(figures: Mapping[str, Any], path: str) -> float | None:
    """The number at "music.found" or the like; None where there is none."""
    value: Any = figures
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, int | float) else None


def _classes(figures: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    said = (
        f"It answers {of_100(1 - found['abstained'])} cases that it has not seen and is right in {of_100(found['accuracy_answered'])} "
        "of these; for the others it says “not sure”."
    )
    if found.get("seeds") == 1:
        said += " These figures are of one training (one seed), which may be a lucky one."
    elsewhere = [row for row in figures.get("rows", ()) if row.get("kind") == "sources" and "accuracy_answered" in row]
    if elsewhere:
        row = max(elsewhere, key=lambda row: row["subset"].count("+"))
        said += (
            f" Where the cases come from a source that it has not seen, it answers {of_100(1 - row['abstained'])} and is right in "
            f"{of_100(row['accuracy_answered'])} of these."
        )
    return said


def _shelf(figures: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    said = f"Of what a shopper goes on to buy, {percent(found['recall@20'])} is on its shelf of twenty"
    ratio, best = found.get("ratio_to_best_peer"), figures.get("best_library_peer", {}).get("plain")
    if not ratio or not best:
        return f"{said}."
    said += f": {ratio:.1f} times what {best} finds, the best of the methods that recommender libraries offer"
    plain = max((row for row in figures.get("rows", ()) if row["kind"] == "baseline"), key=lambda row: row["recall@20"], default=None)
    if plain is None or plain["name"] == best:
        return f"{said}."
    return f"{said}, and {found['recall@20'] / plain['recall@20']:.1f} times what is found by a {plain['name']}, the best plain baseline."


def _command(figures: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    said = (
        f"From sound and lips together it gets {100 * found['conditions.clean.fused']:.1f} % of a command's words right where all is "
        f"quiet, and {100 * found['conditions.-10dB.fused']:.1f} % where the noise is ten times as strong as the voice (−10 dB)"
    )
    sound, lips = (_at(figures, f"conditions.-10dB.{name}") for name in ("audio", "visual"))
    if sound is None or lips is None:
        return f"{said}."
    return f"{said}; there sound alone gets {100 * sound:.1f} % and the lips alone {100 * lips:.1f} %."


def _sounds(figures: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    kinds = len(figures.get("by_kind", ()))
    said = f"Of sound: in recordings that it has not heard it names {of_100(found['accuracy'])} sounds of {kinds or 'the'} kinds right"
    more = [f"{name} in {of_100(found[f'{name}.found'])} clips of {name}" for name in ("music", "speech") if f"{name}.found" in found]
    return f"{said}. It hears {' and '.join(more)}." if more else f"{said}."
