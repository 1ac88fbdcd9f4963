"""What leaves the page: draft findings, reports in several forms, and copies of the case, without names unless asked for with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pandas as pd
import streamlit as st

from mmcore.case import Picture
from mmcore.domains.medical import take_away
from mmcore.domains.medical.deidentify import files
from mmcore.domains.medical.take_away import TakeAway
from mmcore.errors import TriptychError
from mmcore.report import findings, reading
from mmcore.wording import sentence
from pages.shared import models, terms
from pages.shared.plain import plain
from pages.shared.recent import Recent
from pages.shared.view import View

KEPT = 2  # prepared cases of one session
HEIGHT = 230


def show(view: View) -> None:
    """Everything that can be downloaded, made when it is asked for."""
    st.markdown("## Take it away", anchors=False, help=terms.TAKE_AWAY)
    _panel(view)


@st.fragment
def _panel(view: View) -> None:
    wide, narrow = st.columns([1.15, 1.1], gap="medium")
    with wide:
        text = st.text_area(
            "Findings (draft)",
            value=findings.draft(view.result, view.spec),
            key=f"findings.{view.chosen.serial}.{view.result.case[:12]}.{view.target}.{view.level}",
            height=HEIGHT,
            help=terms.FINDINGS,
            persist_state="session",
        )
    held: Recent[TakeAway] = st.session_state.setdefault("taken", Recent(KEPT))
    with narrow:
        clean = st.toggle("Without names", value=True, key=f"deidentify.{view.chosen.serial}", help=terms.DEIDENTIFY)
        if not clean:
            st.warning("Names, dates and identifiers of the files go with everything you take.", icon=":material/badge:")
        _buttons(view, text or "", clean, held)
        key = f"taken_out.{view.chosen.serial}.{view.result.case[:12]}"
        look = clean and st.toggle("Show what is taken out", key=key, help=terms.TAKEN_OUT)
    if look:
        _taken_out(view, held)


def _buttons(view: View, text: str, clean: bool, held: Recent[TakeAway]) -> None:
    stem = f"{view.result.model}-{view.result.case[:12]}"
    failed: dict[str, TriptychError] = st.session_state.setdefault(f"not_made.{view.chosen.serial}", {})
    when = f"{datetime.now():%Y-%m-%d %H:%M}"
    pictures = [item.value for item in view.case.inputs.values() if isinstance(item.value, Picture)]
    dicom = any(picture.source is not None for picture in pictures)

    def button(label: str, make: Callable[[TakeAway], bytes], end: str, mime: str, icon: str, why_not: str = "") -> None:
        st.download_button(
            label, lambda: _made(label, lambda: make(_prepared(view, clean, held)), failed), f"{stem}{end}", mime,
            icon=f":material/{icon}:", on_click="ignore", disabled=bool(why_not), help=why_not or None,
        )  # fmt: skip

    with st.container(horizontal=True, key="take_away"):
        button("Report (HTML)", lambda t: t.html(text, when), ".html", "text/html", "description")
        button("Report (PDF)", lambda t: t.pdf(text, when), ".pdf", "application/pdf", "picture_as_pdf")
        button("Data (JSON)", lambda t: t.json(), ".json", "application/json", "data_object")
        button("FHIR report", lambda t: t.fhir(text), "-fhir.json", "application/json", "health_metrics")
        alone = "" if dicom else take_away.DICOM_ALONE
        button("DICOM report", lambda t: t.structured_report(text), "-sr.dcm", "application/dicom", "lab_profile", alone)
        none = "" if pictures else "This case has no picture."
        button("DICOM capture", lambda t: t.capture(), "-sc.dcm", "application/dicom", "radiology", none)
        if clean:
            button("Clean copy (ZIP)", lambda t: t.package(), "-clean.zip", "application/zip", "folder_zip")
    for label, error in failed.items():
        st.error(plain(f"{error.message}. {error.hint}"), title=f"{label} could not be made", icon=":material/error:")


def _prepared(view: View, clean: bool, held: Recent[TakeAway]) -> TakeAway:
    came = view.chosen.case
    key = f"{view.result.version}:{came.digest}:{view.result.case}:{view.target}:{view.level}:{clean}"
    found = held.get(key)
    return found or held.put(key, take_away.prepare(view.case, view.result, view.spec, files.reader(), not clean, came))


def _made(label: str, make: Callable[[], bytes], failed: dict[str, TriptychError]) -> bytes:
    """What a click downloads. Where it cannot be made nothing is handed out: the button says so at once, and why stands in ``failed``.

    Called while no script runs, so it cannot draw.
    """
    failed.pop(label, None)
    try:
        return make()
    except TriptychError as error:
        failed[label] = error
        raise


def _taken_out(view: View, held: Recent[TakeAway]) -> None:
    try:
        with st.spinner("Looking through the tags, the note and the pixels …"):
            taken = _prepared(view, True, held)
    except TriptychError as error:
        models.problem(error)
        return
    if not taken.reports:
        st.caption("Nothing of this case says whose it is.")
    for name, report in taken.reports.items():
        rest = ", ".join(report.left) or "text in the pixels"
        state = "nothing found left" if report.clean else f"still there: {rest}; it is not handed out"
        pixels = f" {sentence(report.pixels.sentence())}" if report.pixels.frames else ""
        count = sum(r.count for r in report.removed) + report.pixels.blanked
        st.caption(f"**{plain(name)}**: {count} change{'' if count == 1 else 's'}.{pixels} A second look: {state}.")
        if report.removed:
            rows = [(r.place, r.name, r.action, r.count) for r in report.removed]
            table = pd.DataFrame(rows, columns=["Where", "What", "Done", "Times"])
            st.dataframe(table, hide_index=True, height=min(220, 40 + 35 * len(rows)), key=f"removed.{name}")


def provenance(view: View) -> None:
    """How the numbers came about, for those who want to repeat them."""
    result = view.result
    inputs = reading.inputs(view.spec, result.confidence.subset)
    st.caption(
        f"Model {result.model}, version `{result.version[:12]}` · case `{result.case[:12]}` · "
        f"calibrated on {result.confidence.calibration_n} cases with {inputs} · {sum(result.timings_ms.values()):.0f} ms",
        help=f"{terms.VERSION} Full fingerprints are in the downloads.",
    )
