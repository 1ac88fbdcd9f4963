"""card.md of a ranking model, from what train, compare and evaluate measured and from its notes.md. No figure is typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmcore import model_folder
from mmcore.domains.retail.cold import LOST
from mmcore.domains.retail.told import WHOLE
from mmcore.encoders.efficientnet import imagenet_card
from mmcore.encoders.minilm import minilm_card
from mmcore.model_spec import ModelSpec, read_spec

COLUMNS = (("recall@20", "Recall@20"), ("strict_recall@20", "STRICT"), ("ndcg@20", "NDCG@20"))
PLAIN = (("diversity@20", "diversity"), ("catalogue_coverage@20", "coverage"), ("novelty@20", "novelty, bits"))


def write_card(folder: Path) -> Path:
    """card.md of the folder, written anew; its path."""
    notes = folder / model_folder.NOTES
    text = card(
        read_spec(folder),
        model_folder.read_json(folder, model_folder.TRAINING),
        model_folder.read_json(folder, model_folder.FIGURES),
        notes.read_text(encoding="utf-8") if notes.is_file() else "",
    )
    return model_folder.write_card(folder, text)


def card(spec: ModelSpec, training: Mapping[str, Any], figures: Mapping[str, Any], known: str) -> str:
    """The card in Markdown.

    Args:
        figures: figures.json: what ``compare`` wrote, ``evaluate``'s document under "evaluate", other protocols under their names.
    """
    parts = [f"# {spec.title}", f"**{spec.notice}**", _about(spec, training), known.strip()]
    if figures.get("rows"):
        parts += ["## Comparison", _table(figures), _gains(figures)]
    for name, title in (("random", "Random split 8:1:1"), ("cold", "Garments nobody has bought")):
        if name in figures:
            found = figures[name]
            parts.append(f"## {title}")
            parts += [_table(found), _gains(found)] if "rows" in found else [str(found["protocol"]), f"`{found['command']}`", _cold(found)]
    if figures.get("cornac"):
        parts.append(_cornac(figures["cornac"]))
    if figures.get("photos"):
        parts.append(_photos(figures["photos"]))
    if figures.get("words"):
        parts.append(_words(figures["words"]))
    if figures.get("scale"):
        parts.append(_scale(figures["scale"]))
    if figures.get("evaluate"):
        parts += [_evaluated(figures["evaluate"]), _confidence(figures["evaluate"]), _explanation(figures["evaluate"])]
    parts += [_training(training), _encoders()]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(spec: ModelSpec, training: Mapping[str, Any]) -> str:
    days = " to ".join(training.get("days", ["?", "?"]))
    inputs = "; ".join(f"{name}: {item.help.removesuffix('.')}" for name, item in spec.inputs.items())
    return "\n".join([
        "- **Answers** a shelf: products ranked for a shopper, each with its probability and its explanation.",
        f"- **Inputs** {inputs}. Any of them may be missing.",
        f"- **Evidence grade** {spec.grade}. {spec.grade_help}", f"- **Data and licence** {spec.licence}",
        f"- **Trained on** {_count(training, 'purchases')} purchases of {_count(training, 'products')} products by"
        f" {_count(training, 'shoppers')} shoppers, {days} (seed {training.get('seed', '?')}); calibrated on"
        f" {_count(training, 'calibration_shoppers')} shoppers of the last day, by towers that had not seen it.",
    ])  # fmt: skip


def _count(training: Mapping[str, Any], name: str) -> str:
    return f"{training[name]:,}" if name in training else "?"


def _table(figures: Mapping[str, Any]) -> str:
    head = ["model", *(title for _, title in COLUMNS), *(title for _, title in PLAIN), "seeds", "tries"]
    lines = [str(figures["protocol"]), "", f"`{figures['command']}`", "", _row(head), _row(["---"] * len(head))]
    for row in figures["rows"]:
        name = f"**{row['name']}** (shipped)" if row["name"] == figures.get("shipped") else row["name"]
        cells = [name, *(f"{row[key]:.3f} ({row[f'{key}_ci'][0]:.3f} to {row[f'{key}_ci'][1]:.3f})" for key, _ in COLUMNS)]
        lines.append(_row([*cells, *(f"{row[key]:.2f}" for key, _ in PLAIN), str(row["seeds"]), str(row.get("tries", ""))]))
    return "\n".join(lines)


def _gains(figures: Mapping[str, Any]) -> str:
    head = ["against", "ratio of Recall@20", "difference", "ratio, STRICT", "difference, STRICT"]
    lines = ["What the model gains over each, paired over shoppers (95 % intervals):", "", _row(head), _row(["---"] * len(head))]
    found = {**figures["gain"], **{f"itself with {subset.replace('+', ' and ')} only": g for subset, g in figures["without"].items()}}
    for name, gain in found.items():
        cells = [name]
        for prefix in ("", "strict_"):
            ratio, (low, high) = gain[f"{prefix}ratio"], gain[f"{prefix}ratio_ci"]
            cells += [f"{ratio:.2f} ({low:.2f} to {high:.2f})", f"{gain[f'{prefix}gain']:+.3f} ({_span(gain[f'{prefix}ci'])})"]
        lines.append(_row(cells))
    best = figures["best_library_peer"]
    return "\n".join([*lines, "", f"Best library peer: {best['plain']}; STRICT: {best['strict']}."])


def _cold(found: Mapping[str, Any]) -> str:
    lines = [f"{found['seeds']} draws. **A new garment**: every colour of it is hidden.", "", _launched(found)]
    if "one_by_one" in found:
        said = "**A new product**: drawn one by one, so that other colours of the garment may be known."
        lines += ["", said, "", _launched(found["one_by_one"])]
    return "\n".join(lines)


def _launched(found: Mapping[str, Any]) -> str:
    lines = [f"About {found['users']:.0f} shoppers in each draw.", "", _row(["figure", "Recall@20"]), _row(["---", "---"])]
    for name, value in found["cold"].items():
        low, high = found["cold_ci"][name]
        share = f"{100 * value:.1f} % ({100 * low:.1f} to {100 * high:.1f})"  # of a recall, no recall itself
        lines.append(_row([name, share if name == LOST else f"{value:.3f} ({low:.3f} to {high:.3f})"]))
    lines += [
        "", "What showing new garments more often (`launch.start` in model.toml) brings and costs:", "",
        _row(["start", "hidden garments, full catalogue", "warm STRICT lost", "all purchases"]), _row(["---"] * 4),
    ]  # fmt: skip
    for one in found["more"]:
        lines.append(_row([f"{one['start']:.1f}", f"{one['full']:.3f}", f"{100 * one['lost']:.1f} %", f"{one['all']:.3f}"]))
    lines += [
        "", "What keeping places of the shelf's twenty for them would bring and cost (not done):", "",
        _row(["places", "hidden garments, full catalogue", "warm STRICT lost"]), _row(["---"] * 3),
    ]  # fmt: skip
    lines += [_row([str(one["places"]), f"{one['full']:.3f}", f"{100 * one['lost']:.1f} %"]) for one in found.get("places", ())]
    return "\n".join(lines)


def _photos(document: Mapping[str, Any]) -> str:
    found = document["photos"]
    names = list(found["share"])
    lines = [
        "## Search by a photo", "", str(document["protocol"]), "", f"`{document['command']}`", "",
        f"{found['photos']} photos, {found['products']} products with a picture.", "",
        _row(["kind", "photos", "products", *names]), _row(["---"] * (3 + len(names))),
    ]  # fmt: skip
    spans = [f"{found['share'][n]:.2f} ({found['share_ci'][n][0]:.3f} to {found['share_ci'][n][1]:.3f})" for n in names]
    lines.append(_row(["**all**", str(found["photos"]), "", *spans]))
    for kind, one in found["by_kind"].items():
        lines.append(_row([kind, str(one["photos"]), str(one["products"]), *(f"{one[n]:.2f}" for n in names)]))
    gain = found["gain_over_plain"]
    return "\n".join([*lines, "", f"Over plain features, paired: {gain:+.3f} ({_span(found['gain_over_plain_ci'])})."])


def _words(document: Mapping[str, Any]) -> str:
    found = document["words"]
    lines = [
        "## Search by words", "", str(document["protocol"]), "", f"`{document['command']}`", "",
        f"{found['queries']} queries, {found['products']} products.", "",
        _row(["by", "right among the first ten"]), _row(["---"] * 2),
    ]  # fmt: skip
    for name, share in found["share"].items():
        low, high = found["share_ci"][name]
        lines.append(_row([name, f"{share:.2f} ({low:.3f} to {high:.3f})"]))
    return "\n".join([*lines, "", f"Over sentence vectors alone, paired: {found['gain']:+.3f} ({_span(found['gain_ci'])})."])


def _cornac(found: Mapping[str, Any]) -> str:
    head = ["peer", "Recall@20", "STRICT", "the model's ratio to it", "ratio, STRICT", "tries"]
    lines = [
        "## BPR and VBPR by cornac", "",
        "The same test day and shoppers, tuned on the day before, by a script in an environment of its own"
        " (tests/domains/retail/cornac_peers.py); VBPR reads the same picture features as the model.", "",
        _row(head), _row(["---"] * len(head)),
    ]  # fmt: skip
    for name, one in found["peers"].items():
        keys = ("recall@20", "strict_recall@20", "ratio", "strict_ratio")
        cells = [f"{one[key]:.{2 if 'ratio' in key else 3}f} ({one[f'{key}_ci'][0]:.2f} to {one[f'{key}_ci'][1]:.2f})" for key in keys]
        lines.append(_row([name, *cells, str(one["tries"])]))
    return "\n".join(lines)


def _scale(document: Mapping[str, Any]) -> str:
    found = document["scale"]
    near, epochs = found["approximate"], found["epoch_s"]
    lines = ["## Scale", "", str(document["protocol"]), "", f"`{document['command']}`", ""]
    lines += [f"On {found['threads']} of two cores, while other work ran on the rest.", ""]
    for size, one in found["exact"].items():
        lines.append(f"- {int(size):,} products, all compared: {one['median_ms']:.0f} ms a shopper (95th percentile {one['p95_ms']:.0f}).")
    return "\n".join([
        *lines,
        f"- {near['vectors']:,} vectors, approximate index: recall@20 {near['recall@20']:.3f} against comparing all,"
        f" {near['median_ms']:.1f} ms (95th percentile {near['p95_ms']:.1f}; comparing all {near['exact_ms']:.0f} ms), built once in"
        f" {near['build_s']:.0f} s. Used beyond 100,000 products.",
        f"- One epoch of training: {epochs['1']:.0f} s on this data, {epochs['10']:.0f} s on ten times as many products, shoppers and"
        " purchases.",
    ])  # fmt: skip


def _evaluated(found: Mapping[str, Any]) -> str:
    """The shipped weights on the test day, every subset."""
    head = ["inputs", "shoppers", "Recall@20", "STRICT", "NDCG@20", "diversity", "coverage"]
    lines = ["## The day after training", "", f"`{found.get('command', '')}`", "", _row(head), _row(["---"] * len(head))]
    for subset, one in found["subsets"].items():
        parts = ((one, "recall@20"), (one["strict"], "recall@20"), (one, "ndcg@20"))
        cells = [f"{part[key]:.3f} ({part[f'{key}_ci'][0]:.3f} to {part[f'{key}_ci'][1]:.3f})" for part, key in parts]
        shown = [f"{one['diversity@20']:.2f}", f"{one['catalogue_coverage@20']:.2f}"]
        lines.append(_row([subset.replace("+", ", "), str(one["users"]), *cells, *shown]))
    return "\n".join(lines)


def _confidence(found: Mapping[str, Any]) -> str:
    if not found.get("confidence"):
        return ""
    own = found["confidence"][WHOLE]
    lines = [
        "## Confidence", "",
        f"On the {found['n']} shoppers of the test day, by the shipped weights: a product on the shelf is said to be bought in"
        f" {_percent(own['product']['stated'])} of cases and is in {_percent(own['product']['bought'])} (calibration error"
        f" {own['product']['ece']:.4f}, Brier {own['product']['brier']:.4f}, {own['product']['brier_of_the_mean']:.4f} for the mean);"
        f" at least one of the shelf in {_percent(own['any']['stated'])} and {_percent(own['any']['bought'])} (calibration error"
        f" {own['any']['ece']:.3f}).", "",
        _row(["past products", "shoppers", "a product: stated", "bought", "at least one: stated", "bought"]), _row(["---"] * 6),
    ]  # fmt: skip
    for length, part in own["by_past"].items():
        shares = [_percent(part[kind][key]) for kind in ("product", "any") for key in ("stated", "bought")]
        lines.append(_row([length, str(part["users"]), *shares]))
    return "\n".join(lines)


def _explanation(found: Mapping[str, Any]) -> str:
    if not found.get("explanation"):
        return ""
    head = ["evidence", "cases", "deletion", "random order", "gain", "insertion", "random order", "gain"]
    lines = [
        "## Explanation", "",
        "Mean probability of the shelf's first product while its evidence is taken away (deletion, lower is better) or given back"
        " (insertion, higher is better), in the order of its score and at random; gains paired, 95 %.",
    ]  # fmt: skip
    lines += ["", _row(head), _row(["---"] * len(head))]
    for name, f in found["explanation"].items():
        cells = [name, str(f["cases"])]
        for kind in ("deletion", "insertion"):
            low, high = f[f"{kind}_gain_ci"]
            cells += [f"{f[kind]:.4f}", f"{f[f'{kind}_random']:.4f}", f"{low:+.4f} to {high:+.4f}"]
        lines.append(_row(cells))
    return "\n".join(lines)


def _training(training: Mapping[str, Any]) -> str:
    if not training:
        return ""
    seconds = training.get("seconds", {})
    return "\n".join([
        "## Training", "", f"`{training.get('command', '')}`", "",
        f"Features {seconds.get('embed', 0):.0f} s, towers {seconds.get('towers', 0):.0f} s and once more for calibration"
        f" {seconds.get('towers for calibration', 0):.0f} s, on {training.get('device', '?')} while other work ran.",
    ])  # fmt: skip


def _encoders() -> str:
    lines = ["## Encoders", ""]
    for one in (imagenet_card(), minilm_card()):
        lines.append(f"- **{one.name}**: {one.source}; {one.licence}; {one.input}; sha256 `{one.sha256}`")
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _span(ends: list[float]) -> str:
    return f"{ends[0]:+.3f} to {ends[1]:+.3f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
