"""A case made by hand: the record's fields as a form, with a photo or without."""

from __future__ import annotations

import streamlit as st

from mmcore.case import Case, Input
from mmcore.errors import InputError
from mmcore.model_spec import InputSpec, ModelSpec
from mmcore.readers.case_inputs import picture_input
from mmcore.readers.limits import LIMITS, MEGA
from mmcore.readers.record import read_record
from mmcore.readers.written import read_text
from mmcore.report import reading
from pages.shared import chosen, field_widget, models, uploads
from pages.shared.chosen import FORM, Chosen
from pages.shared.verdicts import TAKEN


def show(domain: str, spec: ModelSpec, made: bool) -> bool:
    """Every input of the model as a form; "Analyse" makes a case of it. True where it was sent and is refused.

    Args:
        made: the case on the page was made with it: what was typed is folded away, for the record below is what counts.
    """
    with st.expander("The form as you sent it; what counts now stands below" if made else "A case by hand", expanded=not made):
        return _form(domain, spec)


def _form(domain: str, spec: ModelSpec) -> bool:
    st.caption(f"Leave empty what is not known. {uploads.limits_text(spec).split(' Records:')[0]}")
    with st.form(f"{domain}.by_hand", border=False):
        pictures = {m: _ask_picture(domain, m, item) for m, item in spec.inputs.items() if item.kind == "picture"}
        records = {m: _ask_record(domain, m, item) for m, item in spec.inputs.items() if item.kind == "record"}
        texts = {m: st.text_area(item.title, key=f"{domain}.form.{m}", help=item.help or None, max_chars=LIMITS.text_characters)
                 for m, item in spec.inputs.items() if item.kind == "text"}  # fmt: skip
        sent = st.form_submit_button("Analyse", icon=":material/play_arrow:")
    if sent:
        _make(domain, spec, pictures, records, texts)
    return sent


def _ask_picture(domain: str, modality: str, item: InputSpec) -> bytes | None:
    number = st.session_state.setdefault(f"{domain}.form.number", 0)
    file = st.file_uploader(
        item.title, key=f"{domain}.form.{modality}.{number}", help=item.help or None, max_upload_size=LIMITS.picture_bytes // MEGA
    )
    return file.getvalue() if file is not None else None


def _ask_record(domain: str, modality: str, item: InputSpec) -> dict[str, float | str | None]:
    st.markdown(f"**{item.title}**")
    given: dict[str, float | str | None] = {}
    with st.grid(4, gap="small"):
        for field in item.fields:
            given[field.name] = field_widget.show(field, f"{domain}.form.{modality}.{field.name}", label=True)
    return given


def _make(
    domain: str,
    spec: ModelSpec,
    pictures: dict[str, bytes | None],
    records: dict[str, dict[str, float | str | None]],
    texts: dict[str, str],
) -> None:
    """Puts the case on the page and draws it anew; what is wrong with the form is told in its place."""
    try:
        inputs = {m: picture_input(data, spec.inputs[m]) for m, data in pictures.items() if data is not None}
        for modality, given in records.items():
            record, wrong = read_record({name: field_widget.written(value) for name, value in given.items()}, spec.inputs[modality].fields)
            if wrong:
                told = "; ".join(reading.warning(spec.inputs[modality], text).removesuffix(TAKEN) for text in wrong)
                raise InputError(told, "Correct it, or leave the field empty")
            if not record.empty:
                inputs[modality] = Input(record)
        for modality, written in texts.items():
            text, warnings = read_text(written)
            if text is not None:
                inputs[modality] = Input(text, warnings)
        if not inputs:
            raise InputError("The form is empty", "Give a photo, or fill in at least one field")
    except InputError as error:
        models.problem(error)
        return
    st.session_state[f"{domain}.form.number"] += 1  # drops the photo's bytes
    case = Case({m: inputs.get(m, Input()) for m in spec.modalities}, title="Your case, made by hand")
    chosen.select(domain, Chosen(FORM, FORM, case))
    st.rerun()
