"""A spoken command read from sound and lips, with sliders for noise and a covered mouth: fusion that shows whom it trusts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.domains.video.slot_conditions import Condition, spelled, spoil
from mmcore.domains.video.slot_data import Utterance, read_utterance
from mmcore.domains.video.slot_explain import analyze
from mmcore.domains.video.slot_figures import against_sum
from mmcore.domains.video.slot_model import SlotModel, covered_trial
from mmcore.encoders.mouth import MouthTrack
from mmcore.errors import TriptychError
from mmcore.wording import percent, sentence
from pages.shared import models
from pages.shared.plain import plain

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "video_grid_s1" / "clips"
CLEAN_DB, WORST_DB = 20, -12
SPELLED = {"color": "colour"}
WHERE = (
    "The clips are not part of the program: get the GRID corpus (spandh.dcs.shef.ac.uk/gridcorpus, speaker 1, CC BY 4.0), or film a face "
    "that says such a command to the camera. One speaker was trained on: with anyone else it will mostly be wrong."
)


def show(model: SlotModel) -> None:
    """The demonstration where there is a clip, and the measured table always."""
    st.title("A spoken command, heard and seen", anchor=False)
    st.caption("“bin blue at f two now”: a command, a colour, a preposition, a letter (left out), a digit and an adverb. One speaker only.")
    source = _clip()
    if source is None:
        st.info(WHERE, icon=":material/info:")
    else:
        _demonstrate(model, source)
    _table(model)
    st.caption(f"{sentence(model.spec.notice)} {sentence(model.spec.licence)}")


def _clip() -> bytes | None:
    names = sorted(path.name for path in SHARED.iterdir())[::80] if SHARED.is_dir() else []
    left, right = st.columns(2, gap="medium")
    hint = "A film of at most twelve seconds with a face and a voice."
    given = left.file_uploader("Your clip of one command", key="video.command", help=hint)
    if given is not None:
        return given.getvalue()
    if not names:
        return None
    name = right.selectbox("Or a clip of GRID", names, help="From the training data: a demonstration, no test.")
    return (SHARED / name).read_bytes() if name else None


def _demonstrate(model: SlotModel, data: bytes) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.video(data)
        hint = f"At {CLEAN_DB} no noise is added. At 0 the noise is as loud as the voice."
        ratio = st.slider("Sound over noise, dB", WORST_DB, CLEAN_DB, CLEAN_DB, help=hint)
        hidden = st.toggle("Cover the mouth")
    try:
        heard = _read(data, model.settings.longest_s)
        result = analyze(model, _spoilt(model, heard, ratio, hidden), explain=False)
    except TriptychError as error:
        models.problem(error)
        return
    with right:
        words = " ".join(row["word"] for row in result["slots"].values())
        st.header(f"“{words}”", anchor=False)
        for reason in result["confidence"]["reasons"]:
            st.caption(f"Not sure: {reason}.")
        rows = [
            {
                "slot": SPELLED.get(slot, slot), "together": f"{row['word']}  {percent(row['probability'])}",
                "weight of the lips": 100 * row["weights"]["visual"],
                "sound alone": _alone(row, "audio"), "lips alone": _alone(row, "visual"),
            }
            for slot, row in result["slots"].items()
        ]  # fmt: skip
        weight = st.column_config.ProgressColumn("weight of the lips", min_value=0, max_value=100, format="%.0f %%")
        st.dataframe(pd.DataFrame(rows), hide_index=True, column_config={"weight of the lips": weight})
        for warning in heard.warnings:
            st.caption(plain(sentence(warning)))


@st.cache_data(show_spinner="Finding the mouth …", max_entries=4)
def _read(data: bytes, longest_s: float) -> Utterance:
    return read_utterance(data, longest_s)


def _spoilt(model: SlotModel, heard: Utterance, ratio: int, hidden: bool) -> Utterance:
    samples, mouth = heard.samples, heard.mouth
    if samples is not None and ratio < CLEAN_DB:
        samples = spoil(samples, Condition(float(ratio)), heard.sha256, 0)
    if hidden and mouth is not None:
        crops = covered_trial(model.trials(heard)).crops
        mouth = MouthTrack(np.asarray(crops), mouth.found, mouth.boxes)
    return Utterance(samples, mouth, heard.seconds, heard.sha256, heard.warnings)


def _alone(row: dict, name: str) -> str:
    own = row["alone"].get(name)
    return f"{own['word']}  {percent(own['probability'])}" if own else "absent"


def _table(model: SlotModel) -> None:
    conditions = model.figures.get("conditions", {})
    if not conditions:
        return
    st.header("Measured, in %, on letters held out", anchor=False)
    titles = {"audio": "sound", "visual": "lips", "sum": "plain sum", "fused": "fused"}
    rows = [{"condition": spelled(name), **{titles[w]: 100 * row["digit"][w] for w in titles}} for name, row in conditions.items()]
    numbers = {title: st.column_config.NumberColumn(title, format="%.1f") for title in titles.values()}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=numbers)
    figures = model.figures
    st.caption(
        f"Accuracy of the digit, {figures['n']} clips of {figures['subjects']} letters in {figures['folds']} folds. Noise is white unless "
        f"it says environment. The plain sum adds the two without asking which is reliable. {against_sum(conditions)}"
    )
