"""Which model a page uses: the shipped and trained ones of its domain, and folders the user named."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mmcore import library
from mmcore.commands import tasks
from mmcore.errors import TriptychError
from mmcore.model_spec import ModelSpec, read_spec
from mmcore.pipeline import Pipeline
from mmcore.wording import capital
from pages.shared.plain import plain

CONFOUNDED = "confounded"
PARAMETER = "model"
OWN_FOLDERS = "models.own_folders"


def folders() -> dict[str, Path]:
    """Every model that the library lists, and the folders named in this session: name -> folder."""
    return {**library.model_folders(), **st.session_state.get(OWN_FOLDERS, {})}


def add_folder(text: str) -> str:
    """Adds the model in this folder to the session; its name. ModelError or ConfigError where there is none."""
    folder = library.find(text)
    spec = tasks.load(str(folder)).spec
    name = folder.name if folder.name not in library.model_folders() else spec.name
    st.session_state.setdefault(OWN_FOLDERS, {})[name] = folder
    return name


def specs(domain: str | None = None) -> dict[str, ModelSpec]:
    """The readable models, of one domain or of all: name -> spec. A damaged folder is left to the models page."""
    found = {}
    for name, folder in folders().items():
        try:
            spec = read_spec(folder)
        except TriptychError:
            continue
        if domain is None or spec.domain == domain:
            found[name] = spec
    return dict(sorted(found.items(), key=lambda pair: pair[1].grade == CONFOUNDED))  # a demonstration is never the first choice


def choose(domain: str) -> Pipeline:
    """The model for a page: the one that the address names, else the one picked in this visit. Ends the page where there is none."""
    found = specs(domain)
    if not found:
        st.info("No model for this page is installed yet.", icon=":material/info:")
        st.stop()
    asked = st.query_params.get(PARAMETER, "")
    names, titles = list(found), [spec.title for spec in found.values()]
    key = f"{domain}.model_name"
    name = asked if asked in found else st.session_state.get(key)
    if name not in found:
        name = names[0]
    if asked and asked not in found:
        st.warning(unknown(asked, name), icon=":material/warning:")
    st.session_state[key] = name
    if len(names) > 1:
        st.selectbox(
            "Model",
            names,
            format_func=lambda n: found[n].title if titles.count(found[n].title) == 1 else f"{found[n].title} ({n})",
            key=key,
            on_change=_forget_address,
            persist_state="session",
            help="Every model that fits this page: those that came with the program, and those trained on this machine.",
        )
        # Not bound to the address: a bound choice is found there by its label, and a link is to hold the name.
        st.query_params[PARAMETER] = name
    try:
        return tasks.load(str(folders()[name]))
    except TriptychError as error:
        problem(error)
        st.stop()


def unknown(asked: str, instead: str) -> str:
    """What is said of a link to a model that is not here."""
    return f"There is no model “{plain(asked)}” here. Showing {plain(instead)} instead."


def _forget_address() -> None:
    """The model picked is to win over the one that the address still names."""
    st.query_params.pop(PARAMETER, None)


def problem(error: TriptychError) -> None:
    """An error for people: what is wrong, and how to mend it."""
    st.error(plain(error.hint) or "See the message above.", title=plain(capital(error.message)), icon=":material/error:")
