"""The card of `video_events`, written from model.toml and from what train and compare measured."""

from __future__ import annotations

from pathlib import Path

from mmcore import model_folder
from mmcore.domains.video.event_model import COST
from mmcore.domains.video.film_faithful import EVIDENCE
from mmcore.domains.video.film_fused import FUSED
from mmcore.domains.video.film_matrix import MATRIX
from mmcore.domains.video.film_named import NAMED
from mmcore.domains.video.film_written import WRITTEN
from mmcore.model_spec import ModelSpec
from mmcore.wording import capital, sentence

MOMENTS = "moments.json"
"""What `python -m mmcore films` measured."""
GENERATED = "solo_"
"""How the names of albums begin that a program played."""


def card(folder: Path, spec: ModelSpec) -> str:
    """card.md as text."""
    figures = model_folder.read_json(folder, model_folder.FIGURES)
    training = model_folder.read_json(folder, model_folder.TRAINING)
    lines = [f"# {spec.title} (`{spec.name}`)", "", f"**{sentence(spec.notice)}** {spec.grade_help}", ""]
    lines += [f"Licence of the weights: {spec.licence}.", ""]
    if figures:
        low, high = figures["accuracy_ci"]
        lines += [
            "## The sound head, on recordings it had not heard", "",
            f"{figures['n']} clips of {figures['subjects']} recordings, the data's own {figures['folds']} folds.",
            f"Made by `{figures['command']}`.", "",
            f"- Right kind among those it knows: **{100 * figures['accuracy']:.1f} %** (95 % interval {100 * low:.1f} to {100 * high:.1f}; "
            "for comparison, from others, on all five folds: log-mel statistics with logistic regression 81.8 %, people 95.7 %).",
            f"- Right kind with \"other\" as a further answer: {100 * figures['accuracy_with_other']:.1f} %.",
            f"- Sounds of none of the kinds called \"other\": {_rejected(figures['others_rejected'])}.",
            *_album_line("music", figures.get("music")), *_album_line("speech", figures.get("speech")), "",
            "Two kinds left out of training in turn, and told from known ones by the highest probability of any kind:", "",
            "| left out | AUROC | wrongly given a kind with more than 80 % |", "| --- | --- | --- |",
        ]  # fmt: skip
        rows = figures["unknown"]
        lines += [f"| {', '.join(r['left_out']).replace('_', ' ')} | {r['auroc']:.3f} | {100 * r['wrongly_sure']:.0f} % |" for r in rows]
        lines += [f"| mean | {figures['unknown_auroc']:.3f} | {100 * figures['unknown_wrongly_sure']:.0f} % |", ""]
    lines += _named(folder) + _fused(folder) + _moments(folder) + _evidence(folder) + _matrix(folder) + _written(folder) + _cost(folder)
    if training:
        lines += ["## How it was made", "", f"`{training['command']}`", ""]
        made = f"{training['cases']} clips, {training['others']} sounds of none of the kinds, seed {training['seed']}"
        lines += [f"{made}, temperature {training['temperature']:.2f}.", ""]
    notes = folder / model_folder.NOTES
    if notes.is_file():
        lines += [notes.read_text(encoding="utf-8").strip(), ""]
    return "\n".join(lines)


def _rejected(found: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {100 * share:.0f} %" for name, share in sorted(found.items(), key=lambda item: item[1]))


def _album_line(kind: str, found: dict | None) -> list[str]:
    if not found:
        return []
    low, high = found["found_ci"]
    worst = min(found["by_album"], key=found["by_album"].get)
    generated = sum(album.startswith(GENERATED) for album in found["by_album"])
    made = f" ({generated} of them generated)" if generated else ""
    return [
        f"- {capital(kind)}, {found['clips']} clips from {found['albums']} albums{made}, each heard by a head that learnt nothing of it: "
        f"called {kind} **{100 * found['found']:.1f} %** ({100 * low:.1f} to {100 * high:.1f} over albums; worst: "
        f"{worst.replace('_', ' ')}, {100 * found['by_album'][worst]:.0f} %). Called {kind}: {100 * found['kinds_called']:.1f} % of all "
        f"other clips, {100 * found['others_called']:.1f} % of what is none of the kinds, made tunes and beats among them."
    ]


def _named(folder: Path) -> list[str]:
    found = model_folder.read_json(folder, NAMED)
    if not found:
        return []
    among = found["among"]
    lines = [
        "## Sight, on photos with names", "",
        f"How often the right name is the first, or among the first three, of {among} that are drawn from the names of its set "
        f"{found['draws']} times. Beside it ConSE as published: the names alone, nothing softened or taken out (95 % intervals over "
        "names, gains paired).",
        f"Made by `{found['command']}`.", "",
        "| photos | names | | right | as published | gain | chance | calibration error |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, row in found["sets"].items():
        what, ece = f"{row['photos']} ({name}) | {row['labels']}", f"{row['ece']:.3f}"
        for top, title, places in (("top1", "first", 1), ("top3", "first three", 3)):
            low, high = row[f"{top}_ci"]
            cells = [f"**{100 * row[top]:.0f} %** ({100 * low:.0f} to {100 * high:.0f})", f"{100 * row[f'{top}_plain']:.0f} %"]
            cells += [_points(row[f"{top}_gain_ci"]), f"{100 * places / among:.0f} %", ece]
            lines.append(f"| {what} | {title} | {' | '.join(cells)} |")
            what, ece = " | ", ""
    return [*lines, ""]


def _fused(folder: Path) -> list[str]:
    found = model_folder.read_json(folder, FUSED)
    if not found:
        return []
    lines = [
        "## Sight and sound together, where only one of them shows what is asked for", "",
        f"The same photos with sounds of ESC-10 and the albums, at random among {found['among']} names: a photo with a sound that none of "
        "them means, and a sound with a photo of something else, asked for by what its kind is called or by another word (as song for "
        "music). Sounds are heard by heads that learnt nothing of their fold. How often the right name is first. At full weight: what is "
        "seen or heard weighs the same whether or not any name means it (gain: 95 % intervals over names, and over recordings).",
        f"Made by `{found['command']}`.", "",
        "| what shows it | cases | it alone | with the other | at full weight | gain |", "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, rows in found["sets"].items():
        for kind, row in rows.items():
            cells = [f"{100 * row[part]:.0f} %" for part in ("alone", "fused", "full_weight")]
            lines.append(f"| the {kind} ({name}) | {row['n']} | {' | '.join(cells)} | {_points(row['spared_ci'])} |")
    return [*lines, ""]


def _points(pair: list[float]) -> str:
    return f"{100 * pair[0]:+.1f} to {100 * pair[1]:+.1f} points"


def _moments(folder: Path) -> list[str]:
    found = model_folder.read_json(folder, MOMENTS)
    if not found:
        return []
    recall, spread = found["recall_at_1"], found["recall_at_1_ci"]

    def share(name: str) -> str:
        low, high = spread[name]
        return f"{100 * recall[name]:.1f} % ({100 * low:.1f} to {100 * high:.1f})"

    return [
        "## Moments by words", "",
        f"{found['films']} films of {found['clips']} joined clips of one speaker of GRID, {found['queries']} commands, letters "
        f"{', '.join(found['letters'])}. The lateness of word times was read off the other letters; what is left of it here: "
        f"{1000 * found['late_s']:.0f} ms. A hit: the first moment found overlaps the true one by half or more (95 % interval over films).",
        f"Made by `{found['command']}`.", "",
        "| asked for | found first | by the same words alone |", "| --- | --- | --- |",
        f"| the whole command, six words | {share('whole')} | {share('whole_exact')} |",
        f"| colour, preposition, letter and digit | {share('part')} | {share('part_exact')} |", "",
    ]  # fmt: skip


def _evidence(folder: Path) -> list[str]:
    found = model_folder.read_json(folder, EVIDENCE)
    if not found:
        return []
    lines = [
        "## Does the evidence point at what was used?", "",
        f"{found['films']} films joined from real clips. Evidence is taken away in order of its score (deletion, low is good), or given "
        "back in that order (insertion, high is good), beside random orders; means of the probability, gains with 95 % intervals over "
        "films.",
        f"Made by `{found['command']}`.", "",
        "| | cases | deletion | random | gain | insertion | random | gain |", "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    titles = {"over_time": "events: a modality at a moment", "in_the_picture": "pictures: a cell, for the label that sight puts first"}
    for name, title in titles.items():
        row = found.get(name, {})
        if row.get("cases"):
            cells = [f"{row['deletion']:.3f}", f"{row['deletion_random']:.3f}", _between(row["deletion_gain_ci"])]
            cells += [f"{row['insertion']:.3f}", f"{row['insertion_random']:.3f}", _between(row["insertion_gain_ci"])]
            lines.append(f"| {title} | {row['cases']} | {' | '.join(cells)} |")
    return [*lines, ""]


def _matrix(folder: Path) -> list[str]:
    found = model_folder.read_json(folder, MATRIX)
    if not found:
        return []
    kinds = "; ".join(f"{name.replace('_', ' ')} {row['auroc']:.2f}" for name, row in found["by_kind"].items())
    low, high = found["auroc_ci"]
    return [
        "## Which pictures and sounds are near in meaning", "",
        f"{found['n']} recordings of the five kinds of ESC-10 that ImageNet has pictures of, each heard by a head that learnt nothing of "
        "its fold; the pictures are **idealised**: one kind of ImageNet, seen beyond doubt. So this says what the names can do, not how "
        "well real pictures are seen.",
        f"Made by `{found['command']}`.", "",
        f"- Films of one scene of each kind, {found['films']} drawn: a picture's nearest sound is its own in "
        f"**{100 * found['own_nearest']:.0f} %** (chance {100 * found['own_nearest_chance']:.0f} %).",
        f"- A right kind of picture is nearer to a sound than a wrong one of the thousand: AUROC {found['auroc']:.3f} ({low:.3f} to "
        f"{high:.3f}); {kinds}. Of dogs ImageNet has 118 breeds.",
        f"- One of the {found['nearest']} nearest kinds of picture is right: {100 * found['found']:.0f} %. Left blank, as a sound of "
        f"none of the kinds: {100 * found['blank']:.0f} %.", "",
    ]  # fmt: skip


def _written(folder: Path) -> list[str]:
    found = model_folder.read_json(folder, WRITTEN)
    if not found:
        return []
    width, height = found["size"]
    lines = [
        "## Words on the screen", "",
        f"**Generated text** over real pictures: {found['lines']} lines in Bitstream Vera Sans on each of {found['pictures']} pictures of "
        f"GRID, enlarged to {width} x {height}, all of one speaker before one wall. Unless a row says otherwise: English, white with "
        "a dark edge, capitals 22 pixels high. A word is right as it stands, capitals apart; letters wrong: edits of the nearest line over "
        "its length, 1 for a line that is missed (95 % interval over pictures).",
        f"Made by `{found['command']}`.", "",
        "| what changes | | words read that are right | words found | letters wrong |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for row in found["conditions"]:
        low, high = row["recall_ci"]
        recall = f"{100 * row['recall']:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
        lines.append(f"| {row['kind']} | {row['name']} | {100 * row['precision']:.0f} % | {recall} | {100 * row['error']:.1f} % |")
    films, start, end = found["films"], found["films"]["start_off_s"], found["films"]["end_off_s"]
    off = f"a caption's start is off by {start['median']:.1f} s in the middle ({start['p90']:.1f} in nine of ten), its end by "
    off += f"{end['median']:.1f} s ({end['p90']:.1f})"
    lines += [
        "",
        f"Lines read in the {found['pictures']} pictures before text was drawn: {found['lines_without_text']}. In {films['films']} films "
        f"of these clips with {films['captions']} captions of 1.5 to 4 s at known times: {100 * films['read']:.0f} % read, {off}.", "",
    ]  # fmt: skip
    return lines


def _between(pair: list[float]) -> str:
    return f"{pair[0]:+.3f} to {pair[1]:+.3f}"


def _cost(folder: Path) -> list[str]:
    found = model_folder.read_json(folder, COST)
    if not found:
        return []
    lines = [
        "## Cost against length", "",
        f"Films of speech at {found['size'][0]} x {found['size'][1]}, joined from GRID, each in a process of its own on two "
        "processor cores; the Models page draws it. A pass is one picture through EfficientNet-Lite0 in plain torch, "
        "timed before and after each film: passes a second of film compare figures of busy and quiet minutes.",
        f"Made by `{found['command']}`.", "",
        "| film | taken | times real time | first events | one pass | passes a second of film | memory |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for row in found["lengths"]:
        first = f"{row['first_events_s']:.1f} s" if row["first_events_s"] is not None else "none"
        taken = f"{row['film_s']:.0f} s | {row['seconds']:.1f} s | {row['times_real']:.1f}"
        lines.append(f"| {taken} | {first} | {row['pass_ms']:.0f} ms | {row['passes_a_second']:.1f} | {row['memory_mb']} MB |")
    return [*lines, ""]
