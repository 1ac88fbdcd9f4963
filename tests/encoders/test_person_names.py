"""How many of the names that nothing announces are found, and how much else goes with them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest

from mmcore.domains.medical.deidentify import notes
from mmcore.encoders import person_names
from tests.domains.medical.deidentify.unannounced import HELD, NOTES, plain, planted

WORDS = r"[^\W\d_][\w'’-]{2,}"


def counted(written: Sequence[str]) -> tuple[set[str], set[str], set[str]]:
    """Words of names that went, that stayed, and words that went and are no names."""
    found, left, extra = set(), set(), set()
    for number, note in enumerate(written):
        text, want = plain(note), planted(note)
        done = notes.clean(text)
        stays = {word for word in want if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", done.text)}
        gone = {word for a, b, kind in done.pieces if kind == "[name]" for word in re.findall(WORDS, text[a:b])}
        found |= {f"{number} {word}" for word in want - stays}
        left |= {f"{number} {word}" for word in stays}
        extra |= {f"{number} {word}" for word in {re.sub(r"['’]s$", "", word) for word in gone} - want - {"van", "der"}}
    return found, left, extra


@pytest.mark.parametrize(("written", "names", "recall"), [(NOTES, 48, 0.97), (HELD, 27, 0.92)], ids=["mended with", "counted once"])
def test_most_names_go_and_little_else(written: Sequence[str], names: int, recall: float) -> None:
    found, left, extra = counted(written)
    assert len(found) + len(left) == names
    assert len(found) / names >= recall, left
    assert len(found) / (len(found) + len(extra)) >= 0.97, extra


@pytest.mark.parametrize("note", [note for note in (*NOTES, *HELD) if "{" not in note])
def test_signs_drugs_germs_and_headings_stay(note: str) -> None:
    assert "[name]" not in notes.clean(note).text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Green pus. Seen by Green.", ["Green"]),
        ("Reviewed with R. Castellanos-Ruiz today", ["Castellanos-Ruiz", "R. Castellanos-Ruiz"]),
        ("dr delacroix agrees", ["delacroix"]),
        ("mr smith has an effusion, dr examined him", ["smith"]),
        ("CHEST RADIOGRAPH OF JOHN: NORMAL", []),
        ("", []),
    ],
)
def test_what_stands_around_a_word_decides(text: str, names: list[str]) -> None:
    assert sorted({text[a:b] for a, b in person_names.find(text)}) == names


@pytest.mark.parametrize("text", ["Aa Bb Cc Dd, " * 1_500, "A. " * 6_000, "van " * 5_000, "Xy " * 6_000, "seen by " * 2_500], ids=range(5))
def test_a_long_note_takes_no_long_time(text: str) -> None:
    person_names.find("The lists are read.")
    started = time.process_time()
    person_names.find(text)
    assert time.process_time() - started < 6
