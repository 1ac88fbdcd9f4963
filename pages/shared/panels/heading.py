"""Title of the case, where it comes from, and what stands beside every result: notice, evidence grade, licence."""

from __future__ import annotations

import streamlit as st

from mmcore.report import reading
from pages.shared import terms
from pages.shared.chosen import SESSION_ONLY
from pages.shared.plain import plain
from pages.shared.view import View


def show(view: View) -> None:
    """Title, where the case comes from, and its story."""
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"# {plain(view.chosen.case.title or 'Your case')}", anchors=False, width="content")
            _origin(view)
        if view.chosen.story:
            st.caption(view.chosen.story)


def generated(said: str = reading.made(True)) -> None:
    """The badge of what a program made, alike on every page."""
    st.badge(said, icon=":material/draw:", color="violet", help=terms.GENERATED)


def notice(view: View) -> None:
    """The line that stands beside every result."""
    with st.container(key="notice"):
        st.caption(
            f"**{view.result.notice}** Evidence grade: {view.result.grade}. {view.result.licence}",
            help=terms.GRADE.format(help=view.spec.grade_help),
        )


def _origin(view: View) -> None:
    case = view.chosen.case
    if case.generated:
        generated(reading.made(case.generated, case.real))
    elif case.generated is False:
        st.badge(reading.made(case.generated), icon=":material/person:", color="blue", help=f"{terms.REAL} {view.chosen.licence}".strip())
    elif view.chosen.link in SESSION_ONLY:
        st.badge("in memory only", icon=":material/lock_clock:", color="gray", help=terms.IN_MEMORY)
