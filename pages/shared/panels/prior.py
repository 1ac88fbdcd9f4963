"""Prior and current side by side: what changed in probability, in each input's share, and where in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mmcore.case import Case, Picture
from mmcore.explain import shift
from mmcore.explain.change import Change, between
from mmcore.explain.places import place
from mmcore.figures import overlay
from mmcore.readers import same_patient
from mmcore.readers.limits import LIMITS, MEGA
from mmcore.report import reading
from mmcore.report.picture import patches
from mmcore.result import Result
from mmcore.wording import change, in_sentence, listing, moved, percent, points
from pages.shared import analyses, terms, uploads, verdicts
from pages.shared.chosen import PRIOR
from pages.shared.view import View
from pages.shared.viewer import component
from pages.shared.viewer.component import Layer, Pane

HEIGHT = 330
TELLING = 0.005  # probability: a weaker change is not worth a sentence


def show(view: View) -> None:
    """The comparison where a prior is there, and the place to give one."""
    prior, given = _held(view)
    if prior is None:
        with st.expander("Compare with a prior study", icon=":material/history:"):
            _ask(view)
        return
    st.markdown("## Prior and current", anchors=False, help=terms.PRIOR)
    analysis = analyses.of(view.pipeline, prior, shared=view.chosen.kind == "sample" and not given)
    if analysis is not None:
        _compare(view, prior, analysis.result(view.target, view.level))
    with st.expander("Another prior study", icon=":material/history:"):
        _ask(view)
        if given:
            st.button("Without this prior", key="prior.drop", icon=":material/delete:", on_click=lambda: st.session_state.pop(PRIOR, None))


def _compare(view: View, prior: Case, before: Result) -> None:
    changed = between(before, view.result)
    for doubt in same_patient.doubts(prior, view.case):
        st.warning(doubt, icon=":material/warning:")
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        for modality in [m for m, item in view.spec.inputs.items() if item.kind == "picture"]:
            _pictures(view, prior, before, changed, modality)
    with right:
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences(view, before, changed)))
        st.markdown(_table("Class", _classes(view, changed)))
        st.markdown(_table(f"Share in {reading.name(view.spec, view.target)}", _shares(view, changed)), help=terms.SHARES)


def sentences(view: View, before: Result, changed: Change) -> list[str]:
    """What changed, each sentence with its numbers."""
    name = reading.name(view.spec, view.target)
    old, new = changed.probabilities[view.target]
    out = [f"**{name}: {change(old, new)} ({moved(old, new)}).**"]
    steps = sorted(((m, a or 0.0, b or 0.0) for m, (a, b) in changed.shares.items()), key=lambda step: -abs(step[2] - step[1]))
    if told := [f"{in_sentence(view.titles[m])} {moved(a, b)}" for m, a, b in steps if abs(b - a) >= TELLING]:
        out.append(f"By input: {listing(told)}.")
    for modality, (a, b) in changed.shares.items():
        if a is None or b is None:
            out.append(f"The {in_sentence(view.titles[modality])} is there only {'now' if a is None else 'in the prior study'}.")
    first, second = before.predictions[0], view.result.predictions[0]
    if first.label != second.label:
        out.append(f"Most probable was {first.name}, now it is {second.name}.")
    return out + _where(view, changed, name)


def _where(view: View, changed: Change, name: str) -> list[str]:
    pictures = [m for m, item in view.spec.inputs.items() if item.kind == "picture" and isinstance(view.case.inputs[m].value, Picture)]
    if not len(changed.patches) or not pictures:
        return []
    size = view.case.inputs[pictures[0]].value.size
    out, named = [], ""
    for at, word in ((int(changed.patches.argmax()), "grew"), (int(changed.patches.argmin()), "fell")):
        step = float(changed.patches[at])
        if (step > 0) == (word == "grew") and abs(step) >= TELLING:
            where = place(changed.boxes[at], size)
            out.append(f"{word} most {'elsewhere ' if where == named else ''}{where} ({points(step)})")
            named = where
    return [f"Evidence for {name} in the picture {' and '.join(out)}."] if out else []


def _pictures(view: View, prior: Case, before: Result, changed: Change, modality: str) -> None:
    panes, both = [], []
    for title, case, result in (("Prior", prior, before), ("Current", view.case, view.result)):
        picture = case.inputs[modality].value
        if not isinstance(picture, Picture):
            st.caption(f"{title}: no {in_sentence(view.titles[modality])}.")
            continue
        boxes, scores = patches(result.explanation, modality)
        alt = f"{title}. {overlay.alt(boxes, scores, picture.size, reading.name(view.spec, view.target), view.titles[modality])}"
        panes.append((picture, title, alt, Layer(boxes, scores) if len(boxes) else None))
        both.append(title)
    if not panes:
        return
    grown = Layer(changed.boxes, changed.patches) if len(changed.patches) and both == ["Prior", "Current"] else None
    layers = [("Evidence", "evidence")] if any(pane[3] for pane in panes) else []
    layers += [("Evidence: what changed", "change")] if grown else []
    shown = [Pane(p, title, alt, _layers(layer, grown if title == "Current" else None, layers)) for p, title, alt, layer in panes]
    component.show(shown, f"compare.{modality}", layers, HEIGHT)
    if grown:
        apart = shift.told(shift.shift(panes[0][0].pixels, panes[1][0].pixels))
        st.caption(f"Window, zoom and place are the same for both. {apart}", help=terms.CHANGED_WHERE)


def _layers(evidence: Layer | None, grown: Layer | None, layers: Sequence[tuple[str, str]]) -> tuple[Layer | None, ...]:
    return tuple({"evidence": evidence, "change": grown}[kind] for _, kind in layers)


def _classes(view: View, changed: Change) -> list[tuple[str, str, str, str]]:
    return [(reading.name(view.spec, label), percent(a), percent(b), moved(a, b)) for label, (a, b) in changed.probabilities.items()]


def _shares(view: View, changed: Change) -> list[tuple[str, str, str, str]]:
    def told(share: float | None) -> str:
        return "not there" if share is None else points(share)

    rows = [(view.titles[m], told(a), told(b), moved(a or 0.0, b or 0.0)) for m, (a, b) in changed.shares.items()]
    old, new = changed.probabilities[view.target]
    return [*rows, ("**Together**", percent(old), percent(new), moved(old, new))]


def _table(title: str, rows: list[tuple[str, str, str, str]]) -> str:
    lines = [f"| {title} | Prior | Now | Change |", "|---|--:|--:|--:|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _held(view: View) -> tuple[Case | None, bool]:
    """The prior, and whether the user gave it here."""
    given = st.session_state.get(PRIOR, {}).get("case")
    return (given, True) if given is not None else (view.chosen.case.prior, False)


def _ask(view: View) -> None:
    number = st.session_state.setdefault("prior.number", 0)
    zone = f"prior.zone.{number}"
    st.file_uploader(
        "The files of the prior study",
        accept_multiple_files=True,
        key=zone,
        on_change=_take,
        args=(view, zone),
        help="The same kinds of files as for a case; any input may be missing. They stay in the memory of your visit.",
        max_upload_size=LIMITS.zip_bytes // MEGA,
    )
    uploads.show_verdicts(st.session_state.get(PRIOR, {}).get("verdicts", ()))


def _take(view: View, zone: str) -> None:
    """Reads what was dropped, then drops it, as `uploads` does."""
    given: Any = st.session_state.get(zone) or []
    files = {file.name: file.getvalue() for file in given}
    if not files:
        return
    st.session_state["prior.number"] += 1
    case, listed = verdicts.read(files, view.spec)
    held = st.session_state.get(PRIOR, {})
    doubts = verdicts.doubted(case, view.spec) if case is not None else ()
    st.session_state[PRIOR] = {"case": held.get("case") if case is None else case, "verdicts": (*listed, *doubts)}
