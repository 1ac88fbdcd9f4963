"""One Result on paper: the same content as the page, drawn with reportlab."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import reportlab
from PIL import Image as Pictures
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

from mmcore.case import Case, Picture, Record, Text
from mmcore.figures import fields
from mmcore.figures.palette import FOR
from mmcore.model_spec import ModelSpec
from mmcore.report import findings, origin, reading
from mmcore.report.picture import patches, with_evidence
from mmcore.result import Result
from mmcore.wording import change, listing, percent, points, spoken

WIDTH = A4[0] - 36 * mm
PICTURE = 88 * mm
ROW, LABEL, ROOM = 15.0, 130.0, 40.0  # of the bars, in points
OUTSIDE = "#c3c5cc"  # of the prediction set
FONT, BOLD = "Vera", "VeraBd"
_SPELLED = {"→": "to", "−": "-", "\u00a0": " ", "≥": ">=", "≤": "<=", "½": "1/2"}


def render(result: Result, spec: ModelSpec, case: Case, text: str, created: str = "") -> bytes:
    """The PDF.

    Args:
        text: findings, one a line; empty for none.
        created: date and time for people; may be empty. Without it the same input gives the same bytes.
    """
    _styles()
    buffer = io.BytesIO()
    title = f"{case.title or 'Case'}: {spec.title}"
    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm, bottomMargin=18 * mm,
        title=_spelled(title), author="Triptych", subject=_spelled(result.notice), invariant=1, lang="en",
    )  # fmt: skip
    story = [
        *_head(result, spec, case, created),
        *_findings(text),
        *_bars(result),
        *_pictures(result, spec, case),
        *_records(result, spec, case),
        *_notes(spec, case),
        *_shares(result, spec),
        *_edits(result, spec),
        *_noticed(result, spec),
        *_origin(result, spec, case),
    ]
    document.build(story, onFirstPage=_foot(result), onLaterPages=_foot(result))
    return buffer.getvalue()


def _head(result: Result, spec: ModelSpec, case: Case, created: str) -> list[Any]:
    tag, (answer, small) = reading.origin(case.generated, case.real), reading.headline(result)
    names = listing(reading.set_names(result)) or "empty"
    said = [
        Paragraph(_safe(f"{case.title or 'Case'}{f' ({tag})' if tag else ''}"), _styles()["title"]),
        _soft(" · ".join(part for part in (spec.title, created) if part)),
        *([_body(f"{origin.CHANGED}: {origin.changed(result)}.")] if result.changed else []),
        Paragraph(f"<b>{_safe(answer)}</b>", _styles()["answer"]),
        _soft(small),
        *([_body(" ".join(result.confidence.reasons))] if result.confidence.abstain else []),
        _body(f"Prediction set at {percent(result.confidence.level)}: {names}. {reading.no_guarantee(result, spec)}"),
        *(_body(reading.group(spec, group, value)) for group, value in result.groups.items()),
    ]
    return [*said, _soft(reading.SET), _soft(f"{result.notice} Evidence grade: {result.grade}. {spec.grade_help}")]


def _findings(text: str) -> list[Any]:
    lines = findings.sentences(text)
    return [_title(f"Findings ({findings.DRAFT})"), *(_body(line) for line in lines), _soft(findings.DRAFTED)] if lines else []


def _bars(result: Result) -> list[Any]:
    drawing = Drawing(WIDTH, ROW * len(result.predictions))
    for row, item in enumerate(reversed(result.predictions)):
        length = max(1.0, (WIDTH - LABEL - ROOM) * item.probability)
        colour = colors.HexColor(FOR if item.label in result.confidence.set else OUTSIDE)
        drawing.add(String(LABEL - 6, row * ROW + 4, _spelled(item.name), fontName=FONT, fontSize=8, textAnchor="end"))
        drawing.add(Rect(LABEL, row * ROW + 2, length, ROW - 5, fillColor=colour, strokeColor=None))
        drawing.add(String(LABEL + length + 4, row * ROW + 4, _spelled(percent(item.probability)), fontName=FONT, fontSize=8))
    return [_title("Probabilities"), drawing, _soft("Filled bars are in the prediction set.")]


def _pictures(result: Result, spec: ModelSpec, case: Case) -> list[Any]:
    out: list[Any] = []
    for name, item in case.inputs.items():
        if isinstance(item.value, Picture):
            boxes, scores = patches(result.explanation, name)
            shown = with_evidence(item.value.pixels, boxes, scores)
            buffer = io.BytesIO()
            Pictures.fromarray(shown).save(buffer, "PNG")
            scale = PICTURE / max(shown.shape[:2])
            picture = Image(io.BytesIO(buffer.getvalue()), shown.shape[1] * scale, shown.shape[0] * scale, hAlign="LEFT")
            said = f"{item.value.size[0]} x {item.value.size[1]} pixels, {item.value.format}."
            if len(boxes) and result.explanation:
                strongest = points(float(max(scores, key=abs)))
                said += f" Blue speaks for {reading.name(spec, result.explanation.target)}, amber against it; strongest part {strongest}."
            out += [_title(spec.inputs[name].title), picture, _soft(said)]
    return out


def _records(result: Result, spec: ModelSpec, case: Case) -> list[Any]:
    out: list[Any] = []
    for name, item in case.inputs.items():
        if isinstance(item.value, Record):
            pushes = fields.pushes(result.explanation, name) if result.explanation else {}
            rows = [("Field", "Value", "Push")]
            for field in spec.inputs[name].fields:
                value = item.value.values.get(field.name)
                shown = "not given" if value is None else f"{spoken(value)} {field.unit}".strip()
                rows.append((field.title, shown, points(pushes[field.name].score) if field.name in pushes else ""))
            out += [_title(spec.inputs[name].title), _table(rows)]
    return out


def _notes(spec: ModelSpec, case: Case) -> list[Any]:
    texts = [(name, item.value.text) for name, item in case.inputs.items() if isinstance(item.value, Text)]
    return [part for name, text in texts for part in (_title(spec.inputs[name].title), _body(text))]


def _shares(result: Result, spec: ModelSpec) -> list[Any]:
    found = result.explanation
    if found is None:
        return []
    rows = [("Step", reading.name(spec, found.target)), ("Before any input", percent(found.base))]
    rows += [(spec.inputs[name].title, points(share)) for name, share in found.shares.items()]
    rows.append(("Together", percent(reading.total(found))))
    return [_title("What each input adds"), _table(rows), _soft(reading.interaction(found))]


def _edits(result: Result, spec: ModelSpec) -> list[Any]:
    found = result.explanation
    edits = reading.strongest_edits(found)
    if not edits or found is None:
        return []
    rows = [(reading.edit(spec, field, value), change(reading.total(found), p)) for field, value, p in edits]
    return [_title("What would change it"), _table([("If", reading.name(spec, found.target)), *rows])]


def _noticed(result: Result, spec: ModelSpec) -> list[Any]:
    told = reading.noticed(result, spec)
    return [_title("Noticed while reading"), *(_body(said) for said in told)] if told else []


def _origin(result: Result, spec: ModelSpec, case: Case) -> list[Any]:
    return [_title("Where this comes from"), _table(origin.facts(result, case), head=False), _soft(reading.basis(result, spec))]


def _table(rows: Sequence[Sequence[str]], head: bool = True) -> Table:
    widths = [WIDTH * 0.4, *[WIDTH * 0.6 / (len(rows[0]) - 1)] * (len(rows[0]) - 1)] if head else [WIDTH * 0.22, WIDTH * 0.78]
    cells = [[Paragraph(_safe(cell), _styles()["head" if head and not i else "cell"]) for cell in row] for i, row in enumerate(rows)]
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#d9dce3"))
    return Table(cells, widths, style=[line, ("VALIGN", (0, 0), (-1, -1), "TOP")], repeatRows=int(head), hAlign="LEFT")


def _foot(result: Result) -> Any:
    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 7)
        canvas.setFillColor(colors.HexColor("#5a6170"))
        canvas.drawString(18 * mm, 10 * mm, _spelled(f"{findings.DRAFT}. {result.notice}")[:130])
        canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, f"{document.page}")
        canvas.restoreState()

    return draw


def _title(text: str) -> Paragraph:
    return Paragraph(_safe(text), _styles()["heading"])


def _body(text: str) -> Paragraph:
    return Paragraph(_safe(text).replace("\n", "<br/>"), _styles()["body"])


def _soft(text: str) -> Paragraph | Spacer:
    return Paragraph(_safe(text), _styles()["soft"]) if text else Spacer(1, 1)


def _safe(text: str) -> str:
    return escape(_spelled(text))


def _spelled(text: str) -> str:
    """With the signs that the font has; any other as a question mark."""
    known = pdfmetrics.getFont(FONT).face.charToGlyph
    written = "".join(_SPELLED.get(c, c) for c in text)
    return "".join(c if c == "\n" or ord(c) in known else "?" for c in written)


@cache
def _styles() -> dict[str, ParagraphStyle]:
    folder = Path(str(reportlab.__file__)).parent / "fonts"
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD)
    body = ParagraphStyle("body", fontName=FONT, fontSize=9, leading=12.5, spaceAfter=2)
    soft = ParagraphStyle("soft", body, fontSize=7.5, leading=10, textColor=colors.HexColor("#5a6170"), spaceAfter=3)
    return {
        "title": ParagraphStyle("title", body, fontName=BOLD, fontSize=15, leading=19),
        "heading": ParagraphStyle("heading", body, fontName=BOLD, fontSize=10.5, leading=14, spaceBefore=9, keepWithNext=1),
        "answer": ParagraphStyle("answer", body, fontSize=13, leading=18, spaceBefore=4),
        "cell": ParagraphStyle("cell", body, fontSize=8, leading=10, spaceAfter=0, wordWrap="CJK"),
        "head": ParagraphStyle("head", body, fontName=BOLD, fontSize=8, leading=10, spaceAfter=0),
        "body": body,
        "soft": soft,
    }
