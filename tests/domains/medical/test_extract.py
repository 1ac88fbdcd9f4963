"""Sixty notes by hand, with what each says: precision and recall of the extraction, and the rules that it must keep."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mmcore.domains.medical.extract import extract

NOTES = tomllib.loads(Path(__file__).with_name("notes.toml").read_text(encoding="utf-8"))["note"]


def said(text: str) -> set[tuple[str, object]]:
    return {(f.name, f.value) for f in extract(text)}


def measured() -> tuple[float, float, list[str]]:
    right = found = wanted = 0
    wrong = []
    for note in NOTES:
        truth, given = set(note["says"].items()), said(note["text"])
        right, found, wanted = right + len(truth & given), found + len(given), wanted + len(truth)
        if truth != given:
            wrong.append(f"{note['text']}: missed {sorted(map(str, truth - given))}, invented {sorted(map(str, given - truth))}")
    return right / found, right / wanted, wrong


def test_of_sixty_notes_nearly_everything_is_found_and_nearly_nothing_invented() -> None:
    precision, recall, wrong = measured()
    assert len(NOTES) == 60
    assert precision >= 0.95 and recall >= 0.93, (precision, recall, wrong)


def test_each_finding_keeps_the_characters_that_it_came_from() -> None:
    text = "A 45-year-old man with SpO2 93%."
    assert {f.name: text[slice(*f.span)] for f in extract(text)} == {"age": "45-year-old", "sex": "man", "pO2_saturation": "SpO2 93%"}


@pytest.mark.parametrize(
    ("text", "value"), [("No fever", False), ("Fever but no cough", True), ("Without cough. Fever", True), ("Fever was denied", False)]
)
def test_a_negation_reaches_to_the_end_of_its_clause(text: str, value: bool) -> None:
    assert ("fever", value) in said(text)


@pytest.mark.parametrize("text", ["", "???", "no", "1 2 3", "°", "a" * 5000, "12,345,678", "fever " * 500])
def test_any_text_is_read(text: str) -> None:
    extract(text)
