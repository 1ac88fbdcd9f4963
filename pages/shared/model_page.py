"""One model in full: how good it is, its facts, comparison, reliability and card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from mmcore.domains.video.slot_conditions import spelled
from mmcore.errors import TriptychError
from mmcore.figures import comparison, conditions, film_cost, reliability
from mmcore.report.main_figures import told
from mmcore.wording import capital, in_sentence, listing, sentence
from pages.shared import discovery, model_card, models, terms

DIAGRAM = 560  # pixels, of the diagram of all inputs

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
    asked = st.query_params.get(models.PARAMETER, "")
    if asked and asked not in names:
        st.warning(models.unknown(asked, names[0]), icon=":material/warning:")
    if len(names) == 1:
        return names[0]
    at = names.index(asked) if asked in names else 0
    # Not bound to the address: a bound choice is found there by its label, and a link is to hold the name.
    name = st.selectbox("Model", names, index=at, format_func=lambda n: titles.get(n, n), key="models.shown")
    st.query_params[models.PARAMETER] = name
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
        _reliability(figures["reliability"], figures.get("subsets", {}))
    if figures.get("conditions"):
        _conditions(figures["conditions"])
    if figures.get("cost"):
        _cost(figures["cost"])
    if pipeline.card:
        model_card.show(pipeline.card)


def _load(name: str) -> Pipeline:
    from mmcore.commands import tasks

    return tasks.load(str(models.folders()[name]))


def _facts(pipeline: Pipeline) -> None:
    spec = pipeline.spec
    st.header(spec.title, anchor=False)
    st.markdown(f":material/gavel: **{sentence(spec.notice)}** {sentence(spec.licence)}")
    if said := told(pipeline.figures):
        st.markdown(f":material/fact_check: **How good it is:** {said}")
    inputs = listing([in_sentence(item.title) for item in spec.inputs.values()])
    classes = ", ".join(label.name for label in spec.labels)
    facts = {
        "Name": f"`{spec.name}`",
        "Inputs": capital(inputs),
        **({"Classes": classes} if classes else {}),
        "Evidence grade": f"{spec.grade}. {spec.grade_help}",
        "Fingerprint": f"`{pipeline.version}`",
    }
    st.markdown("\n".join(f"- **{name}:** {text}" for name, text in facts.items()), help=f"Fingerprint: {terms.VERSION}")


def _comparison(figures: Mapping[str, Any]) -> None:
    rows, shipped = figures["rows"], figures.get("shipped")
    st.subheader("How it compares", anchor=False)
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
    said, beside = comparison.headline(rows, metric, shipped)
    st.markdown(f"**{said}** {beside}", help=terms.METRICS[metric])
    if comparison.once(rows):
        st.caption(terms.ONE_SEED)
    st.plotly_chart(
        comparison.draw(rows, metric, shipped),
        key="comparison",
        config={"displayModeBar": False},
        alt=comparison.alt(rows, metric),
    )
    names = (f"{row['name']}, {comparison.spelled(row['name'])}" for row in rows)
    model_card.explain(", ".join([comparison.METRICS[metric], *names]))
    with st.expander("All figures as a table", icon=":material/table:"):
        column_help = {comparison.METRICS[m]: st.column_config.TextColumn(help=terms.METRICS[m]) for m in offered}
        alt = "Every fusion, every input alone and plain baselines, with intervals"
        st.dataframe(_as_table(rows, offered), hide_index=True, column_config=column_help, alt=alt)
    _protocol(figures)


def _protocol(figures: Mapping[str, Any]) -> None:
    protocol, command = str(figures.get("protocol", "")), figures.get("command")
    if not protocol and not command:
        return
    with st.expander("How this was measured", icon=":material/science:"):
        model_card.explain(protocol)
        st.markdown(protocol)
        if command:
            st.code(str(command), language="bash", wrap_lines=True)


def _as_table(rows: list[Mapping[str, Any]], metrics: list[str]) -> pd.DataFrame:
    listed = []
    for row in rows:
        kind = comparison.KIND_NAMES.get(row.get("kind", ""), "")
        entry: dict[str, Any] = {
            "Name": comparison.spelled(row["name"]),
            "Kind": kind,
            "Inputs": row.get("subset", "").replace("+", " + "),
            "Seeds": row.get("seeds"),
        }
        for metric in metrics:
            value, interval = row.get(metric), row.get(f"{metric}_ci")
            text = "" if value is None else f"{value:.3f}"
            entry[comparison.METRICS[metric]] = f"{text} ({interval[0]:.3f} to {interval[1]:.3f})" if interval and text else text
        listed.append(entry)
    return pd.DataFrame(listed)


def _reliability(found: Mapping[str, Any], measured: Mapping[str, Any]) -> None:
    """A diagram for each subset of the inputs, that of all inputs first; ``measured`` holds each subset's calibration error."""
    st.subheader("Does a stated probability come true?", anchor=False)
    st.caption(terms.RELIABILITY)
    first, *fewer = sorted(found, key=lambda subset: -subset.count("+"))
    with st.container(width=DIAGRAM):
        _diagram(first, found[first], measured[first]["ece"])
    if fewer:
        with st.expander("With fewer inputs", icon=":material/scatter_plot:"), st.grid("auto", min_column_width=300, gap="medium"):
            for subset in fewer:
                with st.container(gap="xsmall"):
                    _diagram(subset, found[subset], measured[subset]["ece"])


def _diagram(subset: str, bins: Mapping[str, Any], error: float) -> None:
    st.markdown(f"**{reliability.headline(listing(subset.split('+')), error)}**", help=terms.METRICS["ece"])
    st.plotly_chart(reliability.draw(bins), key=f"reliability.{subset}", config={"displayModeBar": False}, alt=reliability.alt(bins))


def _conditions(found: Mapping[str, Any]) -> None:
    named = {spelled(name): row for name, row in found.items()}
    st.subheader("What do sound and lips add?", anchor=False)
    st.markdown(f"**{conditions.headline(named)}**", help=terms.GLOSSARY["dB"])
    st.plotly_chart(conditions.draw(named), key="conditions", config={"displayModeBar": False}, alt=conditions.alt(named))


def _cost(found: Mapping[str, Any]) -> None:
    st.subheader("What does a film cost by its length?", anchor=False)
    width, height = found["size"]
    lengths = found["lengths"]
    st.markdown(f"**{film_cost.headline(lengths)}**", help=terms.FILM_COST)
    st.caption(f"Films of speech at {width} x {height}, one run each on two processor cores.")
    st.plotly_chart(film_cost.draw(lengths), key="film_cost", config={"displayModeBar": False}, alt=film_cost.alt(lengths))
