"""The card of a spoken-command model, written from model.toml and from what train and compare measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmcore import model_folder
from mmcore.domains.video.slot_conditions import spelled
from mmcore.model_spec import ModelSpec
from mmcore.wording import sentence

TITLES = {"audio": "sound", "visual": "lips", "sum": "plain sum", "fused": "fused"}


def card(folder: Path, spec: ModelSpec) -> str:
    """card.md as text."""
    figures = model_folder.read_json(folder, model_folder.FIGURES)
    training = model_folder.read_json(folder, model_folder.TRAINING)
    lines = [f"# {spec.title} (`{spec.name}`)", "", f"**{sentence(spec.notice)}** {spec.grade_help}", ""]
    lines += [f"Licence of the weights: {spec.licence}.", ""]
    if figures:
        lines += _conditions(figures)
    if training:
        lines += ["## How it was made", "", f"`{training['command']}`", ""]
        lines += [f"{training['cases']} clips, {training['noises']} noises, seed {training['seed']}.", ""]
    notes = folder / model_folder.NOTES
    if notes.is_file():
        lines += [notes.read_text(encoding="utf-8").strip(), ""]
    return "\n".join(lines)


def _conditions(figures: dict[str, Any]) -> list[str]:
    lines = [
        "## Accuracy on letters that were held out", "",
        f"{figures['n']} clips of {figures['subjects']} letters, {figures['folds']} folds by letter, {figures['seeds']} seed(s); 95 % "
        "intervals by bootstrap over letters. Noise is white unless it says environment, then of clips never trained with. No true word "
        f"times are used to read a clip. Made by `{figures['command']}`.", "",
    ]  # fmt: skip
    for title, pick in (("Mean of the five slots", lambda row: row), ("The digit", lambda row: row.get("digit", {}))):
        lines += [f"### {title}", "", f"| condition | {' | '.join(TITLES.values())} |", "| --- |" + " --- |" * len(TITLES)]
        for name, row in figures["conditions"].items():
            cells = pick(row)
            lines.append(f"| {spelled(name)} | " + " | ".join(_cell(cells, way) for way in TITLES) + " |")
        lines.append("")
    if figures.get("attention_inside_word") is not None:
        inside, chance = figures["attention_inside_word"], figures["attention_inside_word_chance"]
        share = f"{100 * inside:.0f} % lies inside the word's true time (evenly spread: {100 * chance:.0f} %)"
        lines += [f"Where the fusion looks for a word: {share}.", ""]
    return lines


def _cell(row: dict[str, Any], way: str) -> str:
    if way not in row:
        return "–"
    low, high = row[f"{way}_ci"]
    return f"{100 * row[way]:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
