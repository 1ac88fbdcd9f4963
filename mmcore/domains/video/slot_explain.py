"""One spoken command explained: what each word rests on, sound or lips, and in which seconds."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mmcore.domains.video.slot_conditions import covered
from mmcore.domains.video.slot_data import Utterance
from mmcore.domains.video.slot_model import Answers, SlotModel, Trial
from mmcore.domains.video.slot_network import MODALITIES
from mmcore.encoders.mouth import CROP_RATE
from mmcore.errors import ConfigError, InputError
from mmcore.explain.shapley import interaction, shapley_shares
from mmcore.tokens import all_subsets, subset_name
from mmcore.wording import adds, percent, size

STRETCH_S = 0.25
LEAST_S, LEAST_PEAK = 1.0, 0.13
"""A clip that is shorter is no command (the shortest of 800 takes 1.1 s from first word to last). Nor is one like those of training in
which the share of the attention at the place where a word is found is less than this, mean over the slots. Chosen on letters that the
readers of the shipped network had not been trained on (54 clips, with sound as it is and with noise as loud as the voice): the least is
0.16; from lips alone at most 4 of 74 lie below. Other voices and languages (espeak-ng, 59 clips) give 0.04 to 0.09. Not all that is no
command is told apart this way: a steady tone reaches 0.17."""
VALID_FOR = "the speaker it was trained on"
TITLES = {"audio": "the sound", "visual": "the lips"}


def slot_name(slot: str) -> str:
    """A slot as sentences and tables spell it."""
    return {"color": "colour"}.get(slot, slot)


def analyze(
    model: SlotModel, heard: Utterance, *, level: float = 0.9, target: str | None = None, without: Sequence[str] = (), explain: bool = True
) -> dict[str, Any]:
    """The contract's Result as plain dicts, with ``slots`` (the answer for each slot) and ``tracks`` (where the fusion looked).

    Args:
        target: the word to explain, such as "digit:two"; the word of the least sure slot by default.
    """
    clock = time.perf_counter()
    whole = model.trials(heard)
    trial = Trial(None if "audio" in without else whole.samples, None if "visual" in without else whole.crops)
    if trial.samples is None and trial.crops is None:
        raise InputError("neither sound nor a face can be used", "Give a clip of someone who speaks to the camera")
    answers = model.answer([trial], heard.seconds)
    present = tuple(name for name, there in zip(MODALITIES, answers.present[0], strict=True) if there)
    subset = subset_name(present)
    encoded = time.perf_counter()
    slots = {slot: _slot(model, answers, slot, subset, level) for slot in model.slots}
    slot, word = _target(model, target, slots)
    ranked = [
        (float(p), f"{name}:{w}", f"{name}: {w}")
        for name in model.slots
        for w, p in zip(model.slots[name], answers.probabilities[subset][name][0], strict=True)
    ]
    predictions = [{"label": label, "name": title, "probability": p} for p, label, title in sorted(ranked, key=lambda row: -row[0])]
    reasons = _unlike(answers, heard.seconds)
    unsure = [f"the {slot_name(name)} could be {' or '.join(row['set'])}" for name, row in slots.items() if len(row["set"]) > 1]
    document = {
        "model": model.spec.name, "version": model.version, "case": heard.sha256, "grade": model.spec.grade, "notice": model.spec.notice,
        "licence": model.spec.licence,
        "inputs": {m: {"present": m in present, "warnings": list(heard.warnings) if m == present[0] else []} for m in MODALITIES},
        "predictions": predictions, "slots": slots, "seconds": heard.seconds,
        "confidence": {
            "level": level, "set": [f"{name}:{w}" for name in slots for w in slots[name]["set"]], "abstain": bool(unsure or reasons),
            "reasons": reasons + unsure, "subset": subset,
            "valid_for": VALID_FOR,
            "calibration_n": int(model.training.gate_share * model.figures.get("n", 0)) if model.figures else 0,
        },
        "tracks": {"listened": {name: answers.attention[0, i].round(4).tolist() for i, name in enumerate(model.slots)}, "rate": CROP_RATE},
    }  # fmt: skip
    if explain:
        document["explanation"] = _explanation(model, trial, answers, heard.seconds, slot, word, present)
    document["timings_ms"] = {
        "encode": round(1000 * (encoded - clock), 1),
        "explain": round(1000 * (time.perf_counter() - encoded), 1),
    }
    return document


def _unlike(answers: Answers, seconds: float) -> list[str]:
    """Why the first trial is no command like those of training, in words; [] where it is like them."""
    if seconds < LEAST_S:
        return [f"the clip lasts {seconds:.1f} s, less than a command takes"]
    if float(answers.attention[0].max(axis=-1).mean()) < LEAST_PEAK:
        return ["it is unlike the commands it was trained on, in what is said or by whom"]
    return []


def _slot(model: SlotModel, answers: Answers, slot: str, subset: str, level: float) -> dict[str, Any]:
    """The answer for one slot: word, probability, set, what each modality alone says, and the weight each had."""
    p = answers.probabilities[subset][slot][0]
    gates = answers.gates[0, list(model.slots).index(slot)]
    alone = {}
    for i, name in enumerate(MODALITIES):
        if answers.present[0, i]:
            own = answers.probabilities[name][slot][0]
            alone[name] = {"word": model.slots[slot][int(own.argmax())], "probability": float(own.max())}
    return {
        "word": model.slots[slot][int(p.argmax())], "probability": float(p.max()), "set": model.likely(slot, p, subset, level),
        "alone": alone,
        "weights": {name: float(gates[i] / max(gates.sum(), 1e-9)) for i, name in enumerate(MODALITIES)},
    }  # fmt: skip


def _target(model: SlotModel, target: str | None, slots: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    if target is None:
        slot = min(slots, key=lambda name: slots[name]["probability"])
        return slot, slots[slot]["word"]
    slot, _, word = target.partition(":")
    if slot not in model.slots or word not in model.slots[slot]:
        raise ConfigError(f"{target!r} is no word of this model", "Say it as slot:word, such as digit:two")
    return slot, word


def _explanation(
    model: SlotModel, trial: Trial, answers: Answers, seconds: float, slot: str, word: str, present: tuple[str, ...]
) -> dict[str, Any]:
    at = model.slots[slot].index(word)
    values = {subset_name(s): float(answers.probabilities[subset_name(s)][slot][0][at]) for s in all_subsets(present)[1:]}
    values = {"": 1 / len(model.slots[slot]), **values}
    shares, whole = shapley_shares(values, present), values[subset_name(present)]
    evidence = _evidence(model, trial, seconds, slot, at, whole, subset_name(present), present)
    return {
        "target": f"{slot}:{word}", "values": values, "base": values[""], "shares": shares, "interaction": interaction(values, present),
        "evidence": evidence, "reasoning": _reasons(slot, word, values, shares, evidence, present),
    }  # fmt: skip


def _evidence(
    model: SlotModel, trial: Trial, seconds: float, slot: str, at: int, whole: float, subset: str, present: tuple[str, ...]
) -> list[dict[str, Any]]:
    """What the word loses when a quarter of a second is muted, or the mouth is blanked for as long."""
    edges = np.arange(0, max(seconds, STRETCH_S), STRETCH_S)
    trials, places = [], []
    for name in present:
        for start in edges:
            end = min(seconds, start + STRETCH_S)
            trials.append(_muted(trial, start, end) if name == "audio" else _blanked(trial, start, end))
            places.append((name, [round(float(start), 2), round(float(end), 2)]))
    p = model.answer(trials, seconds).probabilities[subset][slot][:, at]
    rows = [{"modality": name, "where": {"time": span}, "score": float(whole - v)} for (name, span), v in zip(places, p, strict=True)]
    return sorted(rows, key=lambda row: -abs(row["score"]))


def _muted(trial: Trial, start: float, end: float) -> Trial:
    assert trial.samples is not None
    samples = trial.samples.copy()
    samples[round(start * 16_000) : round(end * 16_000)] = 0
    return Trial(samples, trial.crops)


def _blanked(trial: Trial, start: float, end: float) -> Trial:
    assert trial.crops is not None
    crops = trial.crops.copy()
    stretch = slice(round(start * CROP_RATE), round(end * CROP_RATE))
    crops[stretch] = covered(crops[stretch])
    return Trial(trial.samples, crops)


def _reasons(
    slot: str, word: str, values: Mapping[str, float], shares: Mapping[str, float], evidence: list[dict[str, Any]], present: tuple[str, ...]
) -> list[str]:
    whole = values[subset_name(present)]
    out = [f"The {slot_name(slot)} is {word!r} with {percent(whole)}; before anything was heard or seen it was {percent(values[''])}."]
    if len(present) == 2:
        parts = [adds(TITLES[name], share, name == "visual") for name, share in shares.items()]
        out.append(f"Of this, {' and '.join(parts)}.")
        out += [f"From {TITLES[name]} alone it would be {percent(values[name])}." for name in present]
    else:
        out.append(f"Only {TITLES[present[0]]} could be used.")
    best = evidence[0] if evidence else None
    if best and best["score"] > 0.01:
        a, b = best["where"]["time"]
        out.append(f"Without {TITLES[best['modality']]} from {a:.2f} to {b:.2f} s it would lose {size(best['score'])}.")
    return out
