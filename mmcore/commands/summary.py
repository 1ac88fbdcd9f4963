"""A Result in a few lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from mmcore.model_spec import ModelSpec
from mmcore.report.reading import group_names, headline, name, no_guarantee, origin, set_names, warning
from mmcore.result import Evidence, Explanation, Result
from mmcore.wording import percent, points, spoken

BAR = 24
PIECES = 6
NAME = 26


def lines(result: Result, spec: ModelSpec, title: str = "", real: Sequence[str] = ()) -> list[str]:
    """What a person wants to know first: the answer, how sure, why, and what was wrong with the input.

    Args:
        real: of a generated case the inputs that are real.
    """
    confidence = result.confidence
    made = origin(result.generated, real)
    answer, small = headline(result)
    out = [f"{title or 'Case'}{f' ({made})' if made else ''}: {spec.title}", ""]
    out += [f"  {p.label:<8}{p.name:<28}{'█' * round(BAR * p.probability):<{BAR}} {percent(p.probability):>6}" for p in result.predictions]
    out += [f"  {group}: {percent(value)} ({', '.join(group_names(spec, group))})" for group, value in result.groups.items()]
    among = ", ".join(set_names(result)) or "none of them"
    out += ["", f"{answer}. {small}"] if small else []
    out += ["", f"In {percent(confidence.level)} of cases the answer is in such a set: {among}"]
    out += [no_guarantee(result, spec)] if confidence.unlike else []
    out += [f"Not sure: {reason}" for reason in confidence.reasons] if confidence.abstain else []
    if result.explanation:
        out += ["", *_explanation(result.explanation, spec)]
    noticed = [(spec.inputs[m], text) for m, report in result.inputs.items() for text in report.warnings]
    warnings = [f"{item.title}: {warning(item, text)}" for item, text in noticed]
    out += ["", *warnings] if warnings else []
    legal = [f"Evidence: {result.grade}. {result.notice}", f"Licence: {result.licence}"]
    return [*out, "", *legal, f"Model {result.model} {result.version[:12]}, case {result.case[:12]}"]


def _explanation(explanation: Explanation, spec: ModelSpec) -> list[str]:
    out = [f"Why {name(spec, explanation.target)}?", f"  {'before any input':<28}{percent(explanation.base)}"]
    out += [f"  {spec.inputs[m].title:<28}{points(share)}" for m, share in explanation.shares.items()]
    strongest = sorted(explanation.evidence, key=lambda piece: -abs(piece.score))[:PIECES]
    named = [(_named(piece, spec), points(piece.score)) for piece in strongest]
    wide = max([NAME, *(len(text) + 2 for text, _ in named)])
    out += [f"    {text:<{wide}}{score}" for text, score in named]
    return [*out, *(f"  {sentence}" for sentence in explanation.reasoning)]


def _named(piece: Evidence, spec: ModelSpec) -> str:
    """A piece of evidence in words: a field with its value, a patch with its place, the words themselves."""
    where = piece.where
    if "field" in where:
        field = next((field for field in spec.inputs[piece.modality].fields if field.name == where["field"]), None)
        title, unit = (field.title, f" {field.unit}" if field.unit else "") if field else (where["field"], "")
        return f"{title}: {spoken(piece.value or '')}{unit}"
    if "box" in where:
        x, y, width, height = where["box"]
        return f"patch at {x}, {y} ({width} × {height})"
    return f"“{piece.value}”"
