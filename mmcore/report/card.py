"""A model's card in Markdown, from what training and comparison measured. No figure on it is typed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmcore.figures.comparison import spelled
from mmcore.model_spec import ModelSpec
from mmcore.wording import MINUS, in_sentence, percent, spoken

MAIN = ("auroc", "balanced_accuracy")
MEANS = {"macro avg": "mean over the classes", "weighted avg": "mean over the cases"}


def card(
    spec: ModelSpec, training: Mapping[str, Any], figures: Mapping[str, Any], encoders: Sequence[Mapping[str, Any]],
    weights: Mapping[str, str], known: str = "",
) -> str:
    """card.md of a model folder.

    Args:
        training: training.json. figures: figures.json, {} where `compare` has not run.
        encoders: cards of the encoders as plain tables.
        weights: file of weights in the folder -> its sha256.
        known: Markdown about use and known failures, written by people (notes.md of the folder).
    """
    parts = [f"# {spec.title}", f"**{spec.notice}**", _about(spec, training)]
    if known:
        parts.append(known.strip())
    if figures:
        parts += [_comparison(figures), _confidence(figures), _gain(spec, figures), _explanation(figures), _subgroups(spec, figures)]
    else:
        parts.append(
            "## Figures\n\nNot measured yet: run `python -m mmcore compare` on this folder and keep its JSON as `figures.json` here."
        )
    parts += [_training(spec, training), _encoders(encoders, weights)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(spec: ModelSpec, training: Mapping[str, Any]) -> str:
    labels = ", ".join(f"{label.name} ({label.id})" for label in spec.labels)
    inputs = "; ".join(
        f"{name}: {in_sentence(item.title)}" + (f" ({', '.join(in_sentence(f.title) for f in item.fields)})" if item.fields else "")
        for name, item in spec.inputs.items()
    )
    return "\n".join([
        f"- **Answers** one of {labels}.", f"- **Inputs** {inputs}. Any of them may be missing.",
        f"- **Evidence grade** {spec.grade}. {spec.grade_help}", f"- **Data and licence** {spec.licence}",
        f"- **Trained** {in_sentence(spelled(training.get('fusion', {}).get('name', '?')))} on {training.get('cases', '?')} cases"
        f" of {training.get('subjects', '?')} subjects (seed {training.get('seed', '?')});"
        f" {training.get('held_out', 0)} further cases are held out for demonstrations.",
    ])  # fmt: skip


def _comparison(figures: Mapping[str, Any]) -> str:
    groups = sorted({key.removesuffix("_auroc") for row in figures["rows"] for key in row if key.endswith("_auroc")})
    head = ["model", "AUROC", "balanced accuracy", *(f"{g}, AUROC" for g in groups), "ECE", "coverage at 90 %", "set size", "seeds"]
    lines = ["## Comparison", "", figures["protocol"], "", f"`{figures['command']}`", "", _row(head), _row(["---"] * len(head))]
    for row in figures["rows"]:
        name = spelled(row["name"])
        if row["name"] == figures["shipped"]:
            name = f"**{name}** (shipped)"
        elif "tuned" in row["name"]:
            name += f" ({row['subset']})"
        cells = [name, _with(row, "auroc"), _with(row, "balanced_accuracy"), *(_with(row, f"{g}_auroc") for g in groups)]
        lines.append(
            _row(
                [*cells, _number(row.get("ece")), _number(row.get("coverage")), _number(row.get("set_size"), 2), str(row.get("seeds", ""))]
            )
        )
    return "\n".join(lines)


def _confidence(figures: Mapping[str, Any]) -> str:
    head = ["given", "ECE", "coverage at 90 %", "set size", "abstains", "right when it answers", "right when it abstains"]
    lines = ["## Confidence of the shipped fusion, by what is given", "", _row(head), _row(["---"] * len(head))]
    for subset, f in figures["subsets"].items():
        shares = [_percent(f[key]) for key in ("abstained", "accuracy_answered", "accuracy_abstained")]
        lines.append(_row([subset.replace("+", " + "), _number(f["ece"]), _number(f["coverage"]), _number(f["set_size"], 2), *shares]))
    lines += [
        "",
        "Calibration and sets are cross-conformal: fitted to out-of-fold scores grouped by subject; "
        f"{figures['n']} cases of {figures['subjects']} subjects in the comparison.",
    ]
    if levels := figures.get("conflict_levels"):
        lines += ["", "Inputs contradict each other where their own prediction sets at a level share no class. What the level does:", ""]
        lines += [_row(["level", "abstains", "wrong when it answers", "wrong when it abstains", "ratio"]), _row(["---"] * 5)]
        for row in levels:
            answered, abstained = 1 - row["accuracy_answered"], 1 - (row["accuracy_abstained"] or 0)
            shares = [_percent(value) for value in (row["level"], row["abstained"], answered, abstained)]
            lines.append(_row([*shares, _number(abstained / answered, 2) if answered else "–"]))
    return "\n".join(lines)


def _gain(spec: ModelSpec, figures: Mapping[str, Any]) -> str:
    gain = figures["gain"]
    names = {f"auroc {label.id}": f"AUROC of {label.name}" for label in spec.labels} | {
        "auroc": "AUROC",
        "balanced_accuracy": "balanced accuracy",
        **{f"{group}_auroc": f"{group}, AUROC" for group in spec.groups},
    }
    lines = [
        "## Did fusion pay?",
        "",
        f"All inputs together minus the best single one ({gain['best_single']} alone), paired over subjects:",
        "",
        _row(["figure", "gain", "95 %"]),
        _row(["---"] * 3),
    ]
    for key, found in gain.items():
        if isinstance(found, Mapping):
            lines.append(_row([names.get(key, key.replace("_", " ")), _signed(found["gain"]), _between(*found["ci"])]))
    if frozen := figures.get("gain_frozen"):
        parts = [f"{names.get(k, k)} {_signed(frozen[k]['gain'])} ({_between(*frozen[k]['ci'])})" for k in MAIN]
        lines += ["", f"With the encoder frozen, over all seeds, against the {frozen['best_single']} alone: {', '.join(parts)}."]
    return "\n".join(lines)


def _explanation(figures: Mapping[str, Any]) -> str:
    head = ["evidence in", "cases", "deletion (low is good)", "random", "gain, 95 %", "insertion (high is good)", "random", "gain, 95 %"]
    lines = ["## Does the evidence point at what the model uses?", "", _row(head), _row(["---"] * len(head))]
    for modality, f in figures["explanation"].items():
        cells = [modality, str(f["cases"])]
        for kind in ("deletion", "insertion"):
            cells += [_number(f[kind]), _number(f[f"{kind}_random"]), _between(*f[f"{kind}_gain_ci"])]
        lines.append(_row(cells))
    return "\n".join(lines)


def _subgroups(spec: ModelSpec, figures: Mapping[str, Any]) -> str:
    head = ["group", "cases", "accuracy", "AUROC", "coverage at 90 %", "set size"]
    titles = {field.name: in_sentence(field.title) for item in spec.inputs.values() for field in item.fields}
    lines = ["## Subgroups (of at least 20 cases)", "", _row(head), _row(["---"] * len(head))]
    for column, found in figures["subgroups"].items():
        for group, f in found.items():
            figured = [_number(f["accuracy"]), _number(f["auroc"]), _number(f["coverage"]), _number(f["set_size"], 2)]
            lines.append(_row([f"{titles.get(column, column)}: {spoken(group)}", str(f["n"]), *figured]))
    return "\n".join(lines)


def _training(spec: ModelSpec, training: Mapping[str, Any]) -> str:
    names = MEANS | {label.id: label.name for label in spec.labels}
    lines = ["## How it was made", "", f"`{training.get('command', '?')}`", "", "Classification report on out-of-fold predictions:", "",
             _row(["class", "precision", "recall", "F1", "cases"]), _row(["---"] * 5)]  # fmt: skip
    for name, row in training.get("report", {}).items():
        if isinstance(row, Mapping):
            figured = [_number(row[key]) for key in ("precision", "recall", "f1-score")]
            lines.append(_row([names.get(name, name), *figured, f"{row['support']:.0f}"]))
    return "\n".join(lines)


def _encoders(encoders: Sequence[Mapping[str, Any]], weights: Mapping[str, str]) -> str:
    lines = ["## Encoders", ""]
    for e in encoders:
        sha = f", sha256 `{e['sha256'][:16]}…`" if e["sha256"] else ""
        lines.append(f"- **{e['name']}**: {e['source']}. Input: {e['input']}. Licence: {e['licence'] or 'none needed'}{sha}.")
    if own := {name: digest for name, digest in weights.items() if name.startswith("encoder_")}:
        lines += ["", "Trained further for this model, and used instead of the weights named above:"]
        lines += ["", *(f"- `{name}`, sha256 `{digest[:16]}…`" for name, digest in own.items())]
    return "\n".join(lines)


def _with(row: Mapping[str, Any], key: str) -> str:
    if row.get(key) is None:
        return ""
    low, high = row[f"{key}_ci"]
    return f"{row[key]:.3f} ({low:.3f}–{high:.3f})"


def _number(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _percent(value: float | None) -> str:
    return "" if value is None else percent(value)


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", MINUS)


def _between(low: float, high: float) -> str:
    return f"{_signed(low)} to {_signed(high)}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
