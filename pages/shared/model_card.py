"""A model's card, a part at a time, with its terms explained where they stand."""

from __future__ import annotations

import re

import streamlit as st

from pages.shared import terms

REMOTE_PICTURE = re.compile(r"!\[([^\]]*)\]\(\s*<?((?:https?:)?//)", re.IGNORECASE)
HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
FIRST = "In short"


def show(card: str) -> None:
    """Every part under its own heading, to be opened; what is in it is said by its title."""
    st.subheader("Model card", anchor=False)
    with st.container(key="model_card", gap="xsmall"):
        for title, text in parts(local(without_title(card))):
            with st.expander(title, icon=":material/article:"):
                explain(text)
                st.markdown(text)


def explain(text: str) -> None:
    """The terms of the glossary that stand in ``text``, in a line; the hover of each says what it means."""
    found = explained(text)
    if found:
        with st.container(horizontal=True, gap="small"):
            st.caption("Terms here:", width="content")
            for term, meaning in found.items():
                st.caption(term, help=meaning, width="content")


def explained(text: str) -> dict[str, str]:
    """Term -> what it means, for those of the glossary that stand in ``text``; commands in it are no text."""
    prose = CODE.sub("", text)
    listed = ((forms.split("|"), meaning) for forms, meaning in terms.GLOSSARY.items())
    return {forms[0]: meaning for forms, meaning in listed if any(_stands(form, prose) for form in forms)}


def parts(card: str) -> list[tuple[str, str]]:
    """Title and text of each part of a card; what stands before the first heading comes first."""
    first, *rest = HEADING.split(card)
    pairs = [(FIRST, first.strip()), *((title.strip(), text.strip()) for title, text in zip(rest[::2], rest[1::2], strict=True))]
    return [(title, text) for title, text in pairs if text]


def local(text: str) -> str:
    """A card whose pictures from other machines are links instead: showing it asks nobody for anything."""
    return REMOTE_PICTURE.sub(r"[\1](\2", text)


def without_title(card: str) -> str:
    """The card without its first heading, which stands above it already."""
    first, _, rest = card.lstrip().partition("\n")
    return rest.lstrip() if first.startswith("# ") else card


def _stands(form: str, text: str) -> bool:
    flags = re.IGNORECASE if form == form.lower() else re.NOFLAG
    return re.search(rf"(?<!\w){re.escape(form)}s?(?![\w@])", text, flags) is not None
