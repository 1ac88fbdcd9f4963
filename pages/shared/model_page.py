"""One model in full: its facts, comparison, reliability and card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from mmcore.errors import TriptychError
from mmcore.figures import comparison, film_cost, reliability
from mmcore.wording import capital, in_sentence, listing, sentence
from pages.shared import discovery, models, terms
from pages.shared.plain import plain

REMOTE_PICTURE = re.compile(r"!\[([^\]]*)\]\(\s*<?((?:https?:)?//)", re.IGNORECASE)

if TYPE_CHECKING:
    from mmcore.pipeline import Pipeline


def choose() -> str | None:
    """The model to show; None where there is none."""
    domains = [page.domain for page in discovery.find() if page.domain]  # in the order of the menu
    listed = {name: spec for domain in domains for name, spec in models.specs(domain).items()} | models.specs()
    titles = {name: spec.title for name, spec in listed.items()}
    names = [*titles, *(name for name in models.folders() if name not in titles)]  # what is damaged has no title
    if not names:
        st.info("No model is installed.", icon=":material/info:")
        return None
    asked = st.query_params.get("card", "")
    if asked and asked not in names:
        st.warning(f"There is no model “{plain(asked)}” here. Showing {names[0]} instead.", icon=":material/warning:")
    if len(names) == 1:
        return names[0]
    at = names.index(asked) if asked in names else 0
    # Not bound to the address: a bound choice is found there by its label, and a link is to hold the name.
    name = st.selectbox("Model", names, index=at, format_func=lambda n: titles.get(n, n), key="card")
    st.query_params["card"] = name
    return name


def show(name: str) -> None:
    """Everything about one model; a damaged one says what is wrong with it."""
    try:
        pipeline = _load(name)
    except TriptychError as error:
        models.problem(error)
        return
    _facts(pipeline)
    figures = pipeline.figures
    if figures.get("rows"):
        _comparison(figures)
    if figures.get("reliability"):
        _reliability(figures["reliability"])
    if figures.get("cost"):
        _cost(figures["cost"])
    if pipeline.card:
        with st.expander("Model card", expanded=True, icon=":material/article:"):
            st.markdown(local(without_title(pipeline.card)))


def local(text: str) -> str:
    """A card whose pictures from other machines are links instead: showing it asks nobody for anything."""
    return REMOTE_PICTURE.sub(r"[\1](\2", text)


def without_title(card: str) -> str:
    """The card without its first heading, which stands above it already."""
    first, _, rest = card.lstrip().partition("\n")
    return rest.lstrip() if first.startswith("# ") else card


def _load(name: str) -> Pipeline:
    from mmcore.commands import tasks

    return tasks.load(str(models.folders()[name]))


def _facts(pipeline: Pipeline) -> None:
    spec = pipeline.spec
    st.header(spec.title, anchor=False)
    st.markdown(f":material/gavel: **{sentence(spec.notice)}** {sentence(spec.licence)}")
    inputs = listing([in_sentence(item.title) for item in spec.inputs.values()])
    classes = ", ".join(label.name for label in spec.labels)
    facts = {
        "Name": f"`{spec.name}`",
        "Inputs": capital(inputs),
        **({"Classes": classes} if classes else {}),
        "Evidence grade": f"{spec.grade}. {spec.grade_help}",
        "Fingerprint": f"`{pipeline.version}`",
    }
    st.markdown("\n".join(f"- **{name}:** {text}" for name, text in facts.items()))


def _comparison(figures: Mapping[str, Any]) -> None:
    rows = figures["rows"]
    st.subheader("How it compares", anchor=False)
    st.caption(str(figures.get("protocol", "")))
    offered = comparison.metrics(rows)
    metric = st.pills(
        "Figure",
        offered,
        format_func=lambda m: comparison.METRICS[m],
        default=offered[0],
        required=True,
        key="metric",
        label_visibility="collapsed",
        wrap=True,
    )
    metric = metric or offered[0]
    st.caption(terms.METRICS[metric])
    st.plotly_chart(
        comparison.draw(rows, metric, figures.get("shipped")),
        key="comparison",
        config={"displayModeBar": False},
        alt=comparison.alt(rows, metric),
    )
    with st.expander("All figures as a table", icon=":material/table:"):
        told = {comparison.METRICS[m]: st.column_config.TextColumn(help=terms.METRICS[m]) for m in offered}
        alt = "Every fusion, every input alone and plain baselines, with intervals"
        st.dataframe(_as_table(rows, offered), hide_index=True, column_config=told, alt=alt)
        if figures.get("command"):
            st.code(str(figures["command"]), language="bash")


def _as_table(rows: list[Mapping[str, Any]], metrics: list[str]) -> pd.DataFrame:
    listed = []
    for row in rows:
        kind = comparison.KIND_NAMES.get(row.get("kind", ""), "")
        entry: dict[str, Any] = {"Name": comparison.spelled(row["name"]), "Kind": kind, "Inputs": row.get("subset", "").replace("+", " + ")}
        for metric in metrics:
            value, interval = row.get(metric), row.get(f"{metric}_ci")
            text = "" if value is None else f"{value:.3f}"
            entry[comparison.METRICS[metric]] = f"{text} ({interval[0]:.3f} to {interval[1]:.3f})" if interval and text else text
        listed.append(entry)
    return pd.DataFrame(listed)


def _reliability(found: Mapping[str, Any]) -> None:
    st.subheader("Does a stated probability come true?", anchor=False)
    st.caption(terms.RELIABILITY)
    with st.grid("auto", min_column_width=300, gap="medium"):
        for subset, bins in found.items():
            with st.container(gap="xsmall"):
                st.markdown(f"**{capital(listing(subset.split('+')))}**")
                st.plotly_chart(
                    reliability.draw(bins), key=f"reliability.{subset}", config={"displayModeBar": False}, alt=reliability.alt(bins)
                )


def _cost(found: Mapping[str, Any]) -> None:
    st.subheader("What does a film cost by its length?", anchor=False)
    width, height = found["size"]
    st.caption(f"Films of speech at {width} x {height}, one run each on two processor cores.", help=terms.FILM_COST)
    lengths = found["lengths"]
    st.plotly_chart(film_cost.draw(lengths), key="film_cost", config={"displayModeBar": False}, alt=film_cost.alt(lengths))
