"""The answer in a line: most probable class, prediction set, groups, and what the user's changes did to it."""

from __future__ import annotations

import streamlit as st

from mmcore.readers import fit
from mmcore.report import reading
from mmcore.wording import change, in_sentence, listing, percent, spoken
from pages.shared import edits, terms
from pages.shared.panels import heading
from pages.shared.panels.frames import frame_name
from pages.shared.plain import plain
from pages.shared.view import View, target_key


def show(view: View) -> None:
    """The case and its answer in one box."""
    with st.container(border=True, key="answer"):
        _unfit(view)
        case, probable, held, groups, target = st.columns([1.9, 1.05, 1.1, 0.6, 0.95], gap="medium")
    with case:
        heading.show(view)
    with probable:
        answer, small = reading.headline(view.result)
        told = f"{terms.ABSTAIN} {terms.PROBABILITY}" if small else terms.PROBABILITY
        _figure("Answer" if small else reading.leading_title(view.result), answer, told, small, big=True)
    with held:
        names = listing(reading.set_names(view.result)) or "no class"
        _figure(f"Not ruled out at {percent(view.level)}", names, terms.PREDICTION_SET, reading.no_guarantee(view.result, view.spec))
    with groups:
        for group, value in view.result.groups.items():
            members = listing(reading.group_names(view.spec, group))
            _figure(group.capitalize(), percent(value), terms.GROUP.format(names=members))
    with target:
        _target(view)
    banner(view)
    if view.changed:
        _changes(view)


def _unfit(view: View) -> None:
    """Before all else that an input is not of the kind that the model knows."""
    for modality, item in view.case.inputs.items():
        for text in (text for text in item.warnings if text.endswith(fit.MEANINGLESS)):
            st.warning(plain(f"{view.titles[modality]}: {text}."), icon=":material/warning:")


def banner(view: View) -> None:
    """Says plainly where the model does not commit itself."""
    confidence = view.result.confidence
    if confidence.abstain:
        reasons = " ".join(confidence.reasons) or "The model does not commit itself."
        st.warning(reasons, icon=":material/help:")


def _figure(label: str, text: str, help_text: str, small: str = "", big: bool = False) -> None:
    with st.container(gap=None):
        st.caption(label, help=help_text)
        with st.container(key="big" if big else None):
            st.markdown(f"**{text}**")
        if small:
            st.caption(small)


def _target(view: View) -> None:
    # Options and their texts stay the same on every run: a select box forgets its value where they change.
    st.session_state.setdefault(target_key(view.chosen), view.target)
    st.selectbox(
        "Why this class?",
        view.spec.label_ids,
        format_func=lambda label: reading.name(view.spec, label),
        key=target_key(view.chosen),
        persist_state="session",
        help=terms.TARGET,
    )


def _changes(view: View) -> None:
    """What was changed, and what it did."""
    target = reading.name(view.spec, view.target)
    moved = change(reading.probability(view.before, view.target), reading.probability(view.result, view.target))
    first, second = view.before.predictions[0], view.result.predictions[0]
    turned = "" if first.label == second.label else f" Most probable was {first.name}, now it is **{second.name}**."
    with st.container(horizontal=True, vertical_alignment="center", key="changes"):
        st.markdown(f":material/edit: **{target}: {moved}** ({', '.join(_made(view))}).{turned}", width="content")
        st.button(
            "Back to the original",
            key="reset_edits",
            icon=":material/undo:",
            type="tertiary",
            on_click=edits.reset,
            args=(view.chosen, view.spec),
        )


def _made(view: View) -> list[str]:
    """The user's changes, each in a few words."""
    made = [f"without the {in_sentence(view.titles[m])}" for m in edits.removed(view.chosen, view.spec)]
    for modality, item in view.spec.inputs.items():
        if edits.used(view.chosen, modality) and (source := edits.moved(view.chosen, modality)) is not None:
            made.append(f"{in_sentence(view.titles[modality])}: {frame_name(source)}")
        if edits.used(view.chosen, modality):
            for field in edits.changed_fields(view.chosen, modality, item.fields):
                now = edits.value(view.chosen, modality, field.name)
                made.append(f"{in_sentence(field.title)}: {'not given' if now is None else spoken(now)}")
    return made
