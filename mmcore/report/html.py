"""One Result as a page of its own: no script, no request, readable on paper and in the dark."""

from __future__ import annotations

from html import escape

from mmcore.case import Case, Picture, Record, Text
from mmcore.figures import fields, note, waterfall
from mmcore.model_spec import ModelSpec
from mmcore.report import findings, origin, reading, svg
from mmcore.report.picture import patches, png_uri, with_evidence
from mmcore.result import Result
from mmcore.wording import change, listing, percent, points, spoken

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f27;--soft:#5a6170;--line:#d9dce3;--ground:#fff;--tint:#f4f5f8}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaf0;--soft:#a5abb9;--line:#383d49;--ground:#14171d;--tint:#1d212a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0}
h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
.soft,figcaption,small{color:var(--soft)}
.tag{border:1px solid var(--line);border-radius:1rem;padding:.1rem .6rem;font-size:.85rem}
.answer small{font-size:.9rem}
.answer{font-size:1.3rem;margin:.8rem 0 .2rem}
.banner{background:var(--tint);border-left:4px solid #d98200;padding:.6rem .9rem;margin:1rem 0}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
figure{margin:0}
img{max-width:100%;height:auto;border-radius:6px}
svg{width:100%;max-width:40rem;height:auto}
svg text{fill:var(--ink);font-size:13px}
footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:1rem;font-size:.9rem}
code{overflow-wrap:anywhere;font-size:.85rem}
"""


def render(result: Result, spec: ModelSpec, case: Case, created: str = "", text: str = "") -> str:
    """The whole page. Everything that came from a user or a file is escaped.

    Args:
        case: the case that was analysed: its title, picture and record are shown.
        created: date and time for people; may be empty.
        text: findings, one a line; empty for none.
    """
    panels = [
        _header(result, spec, case, created),
        _answer(result, spec),
        _notice(result, spec),
        _findings(text),
        _probabilities(result),
        *(_picture(result, spec, name, item.value) for name, item in case.inputs.items() if isinstance(item.value, Picture)),
        *(_record(result, spec, name, item.value) for name, item in case.inputs.items() if isinstance(item.value, Record)),
        *(_text(result, spec, name, item.value) for name, item in case.inputs.items() if isinstance(item.value, Text)),
        _shares(result, spec),
        _reasons(result),
        _edits(result, spec),
        _warnings(result, spec),
        _footer(result, case, spec),
    ]
    title = escape(f"{case.title or 'Case'}: {spec.title}")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(panels)}</body></html>\n'


def _header(result: Result, spec: ModelSpec, case: Case, created: str) -> str:
    tag = reading.origin(case.generated, case.real)
    badge = f' <span class="tag">{escape(tag)}</span>' if tag else ""
    when = f" · {escape(created)}" if created else ""
    changed = f'<p class="banner">{origin.CHANGED}: {escape(origin.changed(result))}.</p>' if result.changed else ""
    return f'<header><h1>{escape(case.title or "Case")}{badge}</h1><div class="soft">{escape(spec.title)}{when}</div>{changed}</header>'


def _answer(result: Result, spec: ModelSpec) -> str:
    answer, small = reading.headline(result)
    names = reading.set_names(result)
    parts = [f'<p class="answer"><b>{escape(answer)}</b> <small>{escape(small)}</small></p>']
    parts.append(f"<p>Prediction set at {percent(result.confidence.level)}: {escape(listing(names) or 'empty')}.")
    parts.append(escape(f" {reading.no_guarantee(result, spec)}".rstrip()))
    for group, value in result.groups.items():
        parts.append(f" {escape(reading.group(spec, group, value))}")
    parts.append(f'</p><p class="soft">{reading.SET}</p>')
    if result.confidence.abstain:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in result.confidence.reasons)
        parts.append(f'<div class="banner">The model does not commit itself on this case:<ul>{reasons}</ul></div>')
    return "".join(parts)


def _notice(result: Result, spec: ModelSpec) -> str:
    return (
        f'<p class="soft">{escape(result.notice)}<br>Evidence grade: {escape(result.grade)}. {escape(spec.grade_help)}'
        f"<br>{escape(result.licence)}</p>"
    )


def _findings(text: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in findings.sentences(text))
    return f'<h2>Findings ({findings.DRAFT})</h2>{lines}<p class="soft">{findings.DRAFTED}</p>' if lines else ""


def _probabilities(result: Result) -> str:
    rows = [(p.name, p.probability, p.label in result.confidence.set) for p in result.predictions]
    note = "Filled bars are in the prediction set."
    return f"<h2>Probabilities</h2>{svg.bars(rows, 'Probability of each class')}<div><small>{note}</small></div>"


def _picture(result: Result, spec: ModelSpec, modality: str, picture: Picture) -> str:
    boxes, scores = patches(result.explanation, modality)
    image = png_uri(with_evidence(picture.pixels, boxes, scores))
    width, height = picture.size
    caption = f"{width} × {height} pixels, {picture.format}."
    if len(boxes) and result.explanation:
        strongest = points(float(max(scores, key=abs)))
        caption += f" Blue speaks for {reading.name(spec, result.explanation.target)}, amber against it; strongest part {strongest}."
    title = escape(spec.inputs[modality].title if modality in spec.inputs else modality)
    return f'<h2>{title}</h2><figure><img src="{image}" alt="{title} with its evidence"><figcaption>{escape(caption)}</figcaption></figure>'


def _record(result: Result, spec: ModelSpec, modality: str, record: Record) -> str:
    item = spec.inputs.get(modality)
    titles = {f.name: f.title for f in item.fields} if item else {}
    units = {f.name: f.unit for f in item.fields} if item else {}
    pushes = fields.pushes(result.explanation, modality) if result.explanation else {}
    rows = []
    for name, value in record.values.items():
        shown = "not given" if value is None else f"{spoken(value)} {units.get(name, '')}".strip()
        push = points(pushes[name].score) if name in pushes else ""
        rows.append(f"<tr><td>{escape(titles.get(name, name))}</td><td>{escape(shown)}</td><td>{push}</td></tr>")
    head = "<tr><th>Field</th><th>Value</th><th>Push</th></tr>"
    return f"<h2>{escape(item.title if item else modality)}</h2><table>{head}{''.join(rows)}</table>"


def _text(result: Result, spec: ModelSpec, modality: str, text: Text) -> str:
    title = escape(spec.inputs[modality].title if modality in spec.inputs else modality)
    return f"<h2>{title}</h2>{note.draw(text.text, note.pieces(result.explanation, modality))}"


def _shares(result: Result, spec: ModelSpec) -> str:
    explanation = result.explanation
    if explanation is None:
        return ""
    titles = {name: item.title for name, item in spec.inputs.items()}
    figure = svg.waterfall(waterfall.steps(explanation, titles), waterfall.alt(explanation, titles))
    note = reading.interaction(explanation)
    return f"<h2>Why {escape(reading.name(spec, explanation.target))}?</h2>{figure}<div><small>{note}</small></div>"


def _reasons(result: Result) -> str:
    if result.explanation is None or not result.explanation.reasoning:
        return ""
    return "<h2>Chain of reasons</h2><ol>" + "".join(f"<li>{escape(r)}</li>" for r in result.explanation.reasoning) + "</ol>"


def _edits(result: Result, spec: ModelSpec) -> str:
    explanation = result.explanation
    rows = reading.strongest_edits(explanation)
    if not rows or explanation is None:
        return ""
    now = reading.probability(result, explanation.target)
    body = "".join(
        f"<tr><td>{escape(reading.edit(spec, field, value))}</td><td>{change(now, probability)}</td></tr>"
        for field, value, probability in rows
    )
    target = escape(reading.name(spec, explanation.target))
    return f"<h2>What would change it</h2><table><tr><th>If</th><th>{target}</th></tr>{body}</table>"


def _warnings(result: Result, spec: ModelSpec) -> str:
    listed = "".join(f"<li>{escape(said)}</li>" for said in reading.noticed(result, spec))
    return f"<h2>Noticed while reading</h2><ul>{listed}</ul>" if listed else ""


def _footer(result: Result, case: Case, spec: ModelSpec) -> str:
    rows = "".join(f"{escape(what)}: <code>{escape(said)}</code><br>" for what, said in origin.facts(result, case))
    return f"<footer>{rows}{escape(reading.basis(result, spec))}</footer>"
