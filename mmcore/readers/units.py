"""Spellings of units. Units are recognised, never converted."""

from __future__ import annotations

from mmcore.readers.spelling import fold

# One set a unit, folded already.
UNITS: tuple[frozenset[str], ...] = (
    frozenset({"years", "year", "yrs", "yr", "y", "yo", "y/o", "y.o.", "y.o", "years old", "year old", "a", "jahre", "jahr", "jahren", "j"})
    | frozenset({"anos", "ano", "ans", "an", "anni", "anno", "lat", "лет", "год", "года", "岁", "歲", "歳", "才", "세"}),
    frozenset({"months", "month", "mo", "mos", "monate", "monat", "meses", "mes", "mois", "个月", "か月", "ヶ月"}),
    frozenset({"weeks", "week", "wk", "wks", "wochen", "woche", "semanas", "semana", "semaines", "semaine", "周"}),
    frozenset({"days", "day", "d", "tage", "tag", "dias", "dia", "jours", "jour", "日", "天"}),
    frozenset({"hours", "hour", "h", "hr", "hrs", "stunden", "stunde", "horas", "hora", "heures", "heure"}),
    frozenset({"mm", "millimeter", "millimeters", "millimetre", "millimetres", "milimetros"}),
    frozenset({"cm", "centimeter", "centimeters", "centimetre", "centimetres", "zentimeter", "centimetros"}),
    frozenset({"m", "meter", "meters", "metre", "metres", "metros"}),
    frozenset({"kg", "kgs", "kilogram", "kilograms", "kilogramm", "kilo", "kilos"}),
    frozenset({"g", "gram", "grams", "gramm"}),
    frozenset({"%", "percent", "per cent", "pct", "prozent"}),
    frozenset({"c", "°c", "celsius", "deg c", "degrees c", "degrees celsius", "grad celsius"}),
    frozenset({"f", "°f", "fahrenheit", "deg f", "degrees f", "degrees fahrenheit"}),
    frozenset({"bpm", "/min", "per minute", "beats per minute", "1/min"}),
    frozenset({"mmhg", "mm hg"}),
)


def same_unit(one: str, other: str) -> bool:
    """True where both spell the same unit."""
    first, second = fold(one).rstrip("."), fold(other).rstrip(".")
    return first == second or any(first in spellings and second in spellings for spellings in UNITS)
