"""What would change the answer: each input taken away, each field edited, the strongest first, one click to try."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore.report import reading
from mmcore.wording import change, in_sentence
from pages.shared import edits, terms
from pages.shared.view import View


def show(view: View) -> None:
    """The changes in order of what they do to the class that is explained; nothing where there is one input and no field to change."""
    if not view.explanation.edits and len(view.case.present) < 2:
        return
    target = reading.name(view.spec, view.target)
    st.markdown("## What would change the answer?", anchors=False, help=terms.CHANGES)
    now = reading.probability(view.result, view.target)
    with st.container(gap="xsmall", key="what_if"):
        for modality, without in _removals(view).items():
            text = f"Without the {in_sentence(view.titles[modality])}: {target} {change(now, without)}"
            st.button(
                text,
                key=f"try.{modality}",
                type="tertiary",
                icon=":material/remove_circle:",
                on_click=edits.switch,
                args=(view.chosen, modality, False),
            )
        telling = reading.strongest_edits(view.explanation)
        for field_name, value, probability in telling:
            _edit(view, field_name, value, f"{target} {change(now, probability)}")
    if view.explanation.edits and not telling:
        st.caption("No change of a single field moves it by a percentage point.")


def _removals(view: View) -> dict[str, float]:
    """modality -> the target's probability without it; empty where there is only one."""
    present = view.case.present
    if len(present) < 2:
        return {}
    values = view.explanation.values
    return {m: values["+".join(other for other in present if other != m)] for m in present}


def _edit(view: View, field_name: str, value: str, effect: str) -> None:
    for modality, item in view.spec.inputs.items():
        for field in item.fields:
            if field.name == field_name:
                turned = _turned(view, field_name, value)
                flag = f" :material/flag: most probable would be {turned}" if turned else ""
                text = f"{reading.edit(view.spec, field_name, value)}: {effect}{flag}"
                key = f"try.{modality}.{field_name}"
                st.button(
                    text,
                    key=key,
                    type="tertiary",
                    icon=":material/edit:",
                    on_click=edits.set_field,
                    args=(view.chosen, modality, field, value),
                )


def _turned(view: View, field_name: str, value: str) -> str:
    """The class that would be most probable, "" where it would be the same."""
    probabilities = np.asarray(view.analysis.edits[field_name][value])
    label = view.spec.label_ids[int(probabilities.argmax())]
    return "" if label == view.result.predictions[0].label else reading.name(view.spec, label)
