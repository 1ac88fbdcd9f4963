"""The card of `video_events`, written from model.toml and from what train and compare measured."""

from __future__ import annotations

from pathlib import Path

from mmcore import model_folder
from mmcore.model_spec import ModelSpec


def card(folder: Path, spec: ModelSpec) -> str:
    """card.md as text."""
    figures = model_folder.read_json(folder, model_folder.FIGURES)
    training = model_folder.read_json(folder, model_folder.TRAINING)
    lines = [f"# {spec.title} (`{spec.name}`)", "", f"**{spec.notice[:1].upper()}{spec.notice[1:]}.** {spec.grade_help}", ""]
    lines += [f"Licence of the weights: {spec.licence}.", ""]
    if figures:
        low, high = figures["accuracy_ci"]
        lines += [
            "## The sound head, on recordings it had not heard", "",
            f"{figures['n']} clips of {figures['subjects']} recordings, the data's own {figures['folds']} folds.",
            f"Made by `{figures['command']}`.", "",
            f"- Right kind among the ten: **{100 * figures['accuracy']:.1f} %** (95 % interval {100 * low:.1f} to {100 * high:.1f}; "
            "for comparison, from others, on all five folds: log-mel statistics with logistic regression 81.8 %, people 95.7 %).",
            f"- Right kind with \"other\" as an eleventh answer: {100 * figures['accuracy_with_other']:.1f} %.",
            f"- Speech and made sounds of none of the kinds called \"other\": {100 * figures['others_rejected']:.1f} %.", "",
            "Two kinds left out of training in turn, and told from known ones by the highest probability of any kind:", "",
            "| left out | AUROC | wrongly given a kind with more than 80 % |", "| --- | --- | --- |",
        ]  # fmt: skip
        rows = figures["unknown"]
        lines += [f"| {', '.join(r['left_out'])} | {r['auroc']:.3f} | {100 * r['wrongly_sure']:.0f} % |" for r in rows]
        lines += [f"| mean | {figures['unknown_auroc']:.3f} | {100 * figures['unknown_wrongly_sure']:.0f} % |", ""]
    if training:
        lines += ["## How it was made", "", f"`{training['command']}`", ""]
        made = f"{training['cases']} clips, {training['others']} sounds of none of the kinds, seed {training['seed']}"
        lines += [f"{made}, temperature {training['temperature']:.2f}.", ""]
    notes = folder / model_folder.NOTES
    if notes.is_file():
        lines += [notes.read_text(encoding="utf-8").strip(), ""]
    return "\n".join(lines)
