"""A number, perhaps with a unit, as people write it."""

from __future__ import annotations

import re
import unicodedata

from mmcore.readers.spelling import fold
from mmcore.readers.units import same_unit

_PARTS = re.compile(r"([+-]?)((?:\d|[.,](?=\d))[\d.,]*(?:e[+-]?\d{1,4}(?!\d))?)\s*(.*)", re.DOTALL)
_UNIT = re.compile(r"[^\W\d_%°][^\d]*|[%°/][^\d]*|1/min")
_LONGEST = 80


def parse_quantity(text: str, unit: str) -> tuple[float, str]:
    """The number in ``text``, and "" or what is wrong with it (the number is then NaN).

    A unit behind the number must spell ``unit``; it is never converted. Decimal commas by this rule: where dots and commas
    both occur, the last of them is the decimal sign and the others must group thousands; several of one kind group thousands;
    a single dot is a decimal point; a single comma is a decimal comma unless exactly three digits follow one to three digits
    that do not begin with 0 ("1,234"): that is ambiguous and refused.
    """
    plain = fold(text).replace("\u2212", "-")
    plain = "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, -1) != -1 else c for c in plain)
    match = _PARTS.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None:
        return float("nan"), "is not a number"
    sign, digits, rest = match.groups()
    mantissa, _, exponent = digits.partition("e")
    decimal, problem = _decimal(mantissa)
    if problem:
        return float("nan"), problem
    if rest and not (unit and same_unit(rest, unit)):
        looks_like_unit = _UNIT.fullmatch(rest) is not None
        return float("nan"), f"is not in {unit}" if unit and looks_like_unit else "is not a plain number"
    return float(f"{sign}{decimal}{'e' + exponent if exponent else ''}"), ""


def _decimal(text: str) -> tuple[str, str]:
    """Digits with at most a decimal point, and "" or the problem."""
    dots, commas = text.count("."), text.count(",")
    if not commas and dots <= 1:
        return text, ""
    if commas == 1 and not dots:
        return _single_comma(text)
    mark, group = (".", ",") if text.rfind(".") > text.rfind(",") else (",", ".")
    if not (dots and commas):  # several of one kind: no decimal sign among them
        mark, group = group, mark
    whole = rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{mark}\d*)?"
    if not re.fullmatch(whole, text):
        return "", "is not a number"
    return text.replace(group, "").replace(mark, "."), ""


def _single_comma(text: str) -> tuple[str, str]:
    before, after = text.split(",")
    if not after:
        return "", "is not a number"
    if len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0":
        return "", f"could mean {before}.{after} or {before}{after}"
    return f"{before or '0'}.{after}", ""
