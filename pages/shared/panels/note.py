"""The note with its evidence over the words, and what it says in numbers, to accept or correct before it counts."""

from __future__ import annotations

import streamlit as st

from mmcore.case import Text
from mmcore.domains.medical.extract import Finding, extract
from mmcore.encoders.masked import hidden, mask_pattern
from mmcore.figures import note
from mmcore.model_spec import Field
from mmcore.report import reading
from mmcore.wording import in_sentence, spoken
from pages.shared import edits, terms
from pages.shared.panels import notices, switch
from pages.shared.view import View

HEIGHT = 230


def show(view: View, modality: str) -> None:
    """The words, coloured; below them the findings."""
    switch.show(view, modality)
    text = view.case.inputs[modality].value
    if not isinstance(text, Text):
        title = in_sentence(view.titles[modality])
        off = view.chosen.case.inputs[modality].present
        said = f"The {title} is switched off." if off else f"This case has no {title}. The answer rests on the rest alone."
        with st.container(border=True, vertical_alignment="center", horizontal_alignment="center"):
            st.markdown(f":material/speaker_notes_off: {said}", text_alignment="center")
        notices.show(view, modality)
        return
    mask = view.spec.inputs[modality].mask
    evidence = note.pieces(view.explanation, modality)
    name = reading.name(view.spec, view.target)
    st.caption(f"Blue words speak for {name}, amber ones against it. Struck words are hidden from the model.", help=terms.NOTE)
    with st.container(border=True, height=HEIGHT if len(text.text) > 500 else "content", key=f"note_{modality}"):
        st.html(note.draw(text.text, evidence, hidden(text.text, mask_pattern(mask)) if mask else ()))
    notices.show(view, modality)
    if view.spec.domain == "medical":  # what `extract` looks for is a clinician's
        findings(view, text)


def findings(view: View, text: Text) -> None:
    """What the note says: values that the record could take, and symptoms with their negation."""
    found = extract(text.text)
    if not found:
        st.caption("No age, vitals, counts or symptoms were recognised in it.")
        return
    told = [f"{'no ' if f.value is False else ''}{f.name}" for f in found if f.kind != "value"]
    fields = {f.name: (m, f) for m, item in view.spec.inputs.items() if item.kind == "record" for f in item.fields}
    st.markdown("**Recognised in the note**", help=terms.RECOGNISED)
    for finding in (f for f in found if f.kind == "value"):
        _value(view, text, finding, fields.get(finding.name))
    if told:
        st.caption(f"Symptoms and history: {', '.join(told)}.")


def _value(view: View, text: Text, finding: Finding, known: tuple[str, Field] | None) -> None:
    said = spoken(finding.value) if not isinstance(finding.value, bool) else ""
    quote = text.text[finding.span[0] : finding.span[1]].strip()
    if known is None:
        st.caption(f"{finding.name.replace('_', ' ').capitalize()}: {said} (“{quote}”), no entry of this model's record.")
        return
    modality, field = known
    now = edits.value(view.chosen, modality, field.name)
    value = edits.checked(field, finding.value if not isinstance(finding.value, bool) else None)
    unit = f" {field.unit}" if field.unit else ""
    if value is None:
        st.caption(f"{field.title}: {said}{unit} (“{quote}”) is outside what the record takes.")
    elif now == value:
        st.caption(f":material/check: {field.title}: {said}{unit}, as in the record.")
    else:
        verb = "Put into the record" if now is None else f"Use instead of {spoken(now)}"
        st.button(
            f"{field.title}: {said}{unit} · {verb}",
            key=f"accept.{view.chosen.serial}.{field.name}",
            icon=":material/add_task:",
            help=f"From “{quote}”. It counts only once you accept it; correct it in the record afterwards.",
            disabled=not edits.used(view.chosen, modality),
            on_click=edits.set_field,
            args=(view.chosen, modality, field, value),
        )
