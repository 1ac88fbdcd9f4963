"""A spoken command read from sound and lips, with sliders for noise and a covered mouth: fusion that shows whom it trusts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.domains.video.slot_conditions import Condition, spelled, spoil
from mmcore.domains.video.slot_data import Utterance, read_utterance
from mmcore.domains.video.slot_explain import analyze, slot_name
from mmcore.domains.video.slot_figures import against_sum
from mmcore.domains.video.slot_model import SlotModel, covered_trial
from mmcore.encoders.mouth import MouthTrack
from mmcore.errors import TriptychError
from mmcore.report import reading
from mmcore.wording import percent, sentence
from pages.shared import models, terms
from pages.shared.plain import plain
from pages.shared.video import held_file

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "video_grid_s1" / "clips"
ZONE = "video.command"
CLEAN_DB, WORST_DB = 20, -12
WHERE = (
    "The clips are not part of the program: get the GRID corpus (spandh.dcs.shef.ac.uk/gridcorpus, speaker 1, CC BY 4.0), or film a face "
    "that says such a command to the camera. One speaker was trained on: with anyone else it will mostly be wrong."
)
ANSWER_HELP = (
    "The most probable word from all that is there, and its probability; with sound and lips it can be higher, or lower, than from either "
    "alone. Calibrated: of many words given 70 %, about 70 in 100 were right, on clips of the one speaker whose letters the readers of "
    "sound and lips had not been trained on. With anyone else it promises nothing."
)
WEIGHT_HELP = "How much the lips count beside the sound for this word: at 50 % both count alike. The model sets it anew for every clip."
ALONE_HELP = "The most probable word had there been nothing else, and its probability."
SEEN = "This clip was in training: a demonstration, no test."
COVERED = (
    "The model is not told that the mouth is covered: it has to notice. What weight it leaves the lips is too much, for nothing can be "
    "read from them now. How often the answer is right all the same stands in the table below, under mouth covered."
)


def show(model: SlotModel) -> None:
    """The demonstration where there is a clip, and the measured table always."""
    st.title("A spoken command, heard and seen", anchor=False)
    st.caption("“bin blue at f two now”: a command, a colour, a preposition, a letter (left out), a digit and an adverb. One speaker only.")
    source = _clip(model.settings.longest_s)
    if source is None:
        st.info(WHERE, icon=":material/info:")
    else:
        _demonstrate(model, source)
    _table(model)
    st.caption(f"{sentence(model.spec.notice)} {sentence(model.spec.licence)}")


def _clip(longest_s: float) -> bytes | None:
    """The user's clip, kept while they are on other pages, else one of GRID, where it is there."""
    names = sorted(path.name for path in SHARED.iterdir())[::80] if SHARED.is_dir() else []
    left, right = st.columns(2, gap="medium")
    with left:
        given = held_file.drop_zone("Your clip of one command", ZONE, f"A film of at most {longest_s:g} seconds with a face and a voice.")
    if given is not None:
        return given.data
    if not names:
        return None
    name = right.selectbox("Or a clip of GRID", names, key="video.command.grid", persist_state="session")
    return (SHARED / name).read_bytes() if name else None


def _demonstrate(model: SlotModel, data: bytes) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.video(data)
        hint = f"At {CLEAN_DB} no noise is added. At 0 the noise is as loud as the voice."
        ratio = st.slider(
            "Sound over noise, dB", WORST_DB, CLEAN_DB, CLEAN_DB, help=hint, key="video.command.ratio", persist_state="session"
        )
        hidden = st.toggle("Cover the mouth", key="video.command.hidden", persist_state="session")
    try:
        heard = _read(data, model.settings.longest_s)
        result = analyze(model, _spoilt(model, heard, ratio, hidden), explain=False)
    except TriptychError as error:
        models.problem(error)
        return
    with right:
        inputs = reading.inputs(model.spec, result["confidence"]["subset"])
        _answer(result, inputs)
        if hidden and heard.mouth is not None:
            st.caption(COVERED)
        for warning in heard.warnings:
            st.caption(plain(sentence(warning)))
        if heard.sha256 in model.trained_on:
            st.caption(SEEN)
        st.caption(
            f"Model {model.spec.name}, version `{model.version[:12]}` · clip `{heard.sha256[:12]}` · calibrated on "
            f"{result['confidence']['calibration_n']} clips of one speaker with {inputs} · {sum(result['timings_ms'].values()):.0f} ms",
            help=f"{ANSWER_HELP} {terms.VERSION}",
        )


def _answer(result: dict, inputs: str) -> None:
    """The words, or that the model does not commit itself; below them a row for each slot. ``inputs`` is what they rest on, in words."""
    words = f"“{' '.join(row['word'] for row in result['slots'].values())}”"
    unsure = result["confidence"]["abstain"]
    st.header("Not sure" if unsure else words, anchor=False, help=terms.ABSTAIN if unsure else None)
    if unsure:
        st.markdown(f"Most probable: {words}")
    for reason in result["confidence"]["reasons"]:
        st.caption(sentence(reason))
    both = all(one["present"] for one in result["inputs"].values())
    rows = [
        {
            "slot": slot_name(slot), "answer": f"{row['word']}  {percent(row['probability'])}",
            **({"weight of the lips": 100 * row["weights"]["visual"]} if both else {}),
            "sound alone": _alone(row, "audio"), "lips alone": _alone(row, "visual"),
        }
        for slot, row in result["slots"].items()
    ]  # fmt: skip
    alone = {name: st.column_config.TextColumn(name, help=ALONE_HELP) for name in ("sound alone", "lips alone")}
    columns = alone | {
        "answer": st.column_config.TextColumn("answer", help=ANSWER_HELP),
        "weight of the lips": st.column_config.ProgressColumn(
            "weight of the lips", help=WEIGHT_HELP, min_value=0, max_value=100, format="%.0f %%"
        ),
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns)
    weight = " The weight says how much the lips count in it." if both else ""
    st.caption(f"Answer: the most probable word from {inputs}, and its probability.{weight}")


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
    st.header("The digit: measured, in %, on letters held out", anchor=False)
    titles = {"audio": "sound", "visual": "lips", "sum": "plain sum", "fused": "fused"}
    rows = [{"condition": spelled(name), **{titles[w]: 100 * row["digit"][w] for w in titles}} for name, row in conditions.items()]
    numbers = {title: st.column_config.NumberColumn(title, format="%.1f") for title in titles.values()}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=numbers)
    figures = model.figures
    st.caption(
        f"Accuracy of the digit, {figures['n']} clips of {figures['subjects']} letters in {figures['folds']} folds. Noise is white unless "
        f"it says environment. The plain sum adds the two without asking which is reliable. {against_sum(conditions)}"
    )
