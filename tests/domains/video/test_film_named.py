"""Sight on photos with names is measured right, and the command says what is wrong with a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmcore.__main__ import main
from mmcore.domains.video.event_card import _named as card_lines
from mmcore.domains.video.film_named import AMONG, DRAWS, _measured, _plain


def logits(right: np.ndarray, labels: int, rank: int) -> np.ndarray:
    """(N, L) in which the right one has ``rank`` others above it."""
    out = np.zeros((len(right), labels))
    for row, own in enumerate(right):
        others = [i for i in range(labels) if i != own]
        out[row, own] = 5
        out[row, others[:rank]] = 9
    return out


def test_the_share_of_draws_in_which_the_right_name_is_first() -> None:
    own = np.arange(40)
    sure, hidden = logits(own, 40, 0), logits(own, 40, 40 - 1)
    found = _measured(sure, hidden, own, np.random.default_rng(0))
    assert found["photos"] == 40 and found["top1"] == found["top3"] == 1.0 and found["top1_plain"] == found["top3_plain"] == 0.0
    assert found["top1_gain_ci"] == [1.0, 1.0]


def test_others_above_it_count_only_where_they_are_drawn() -> None:
    own = np.arange(40)
    found = _measured(logits(own, 40, 2), logits(own, 40, 0), own, np.random.default_rng(0))
    there = (AMONG - 1) / 39
    assert found["top1"] == pytest.approx((1 - there) ** 2, abs=0.02) and found["top3"] == 1.0


def test_conse_as_published_puts_the_kind_that_is_seen_first() -> None:
    names = np.eye(30)
    assert _plain(np.eye(30)[[4, 17]], names, names).argmax(axis=1).tolist() == [4, 17]


def test_a_folder_of_photos_becomes_figures_and_a_table(tmp_path: Path) -> None:
    names = ["lemon", "banana", "zebra", *(f"thing {i}" for i in range(AMONG - 3))]
    colours = {"lemon": (250, 230, 60), "banana": (240, 220, 70)}
    rows = ["file,label,set"]
    for number, name in enumerate(names):
        Image.new("RGB", (60, 60), colours.get(name, (90, 90, 90))).save(tmp_path / f"{number}.png")
        rows.append(f"{number}.png,{name},drawn")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    out = tmp_path / "named.json"
    assert main(["films", "named", "video_events", "--data", str(tmp_path), "--json", str(out)]) == 0
    document = json.loads(out.read_text())
    figures = document["sets"]["drawn"]
    assert document["draws"] == DRAWS and figures["photos"] == figures["labels"] == AMONG and 0 <= figures["top1"] <= figures["top3"] <= 1
    lines = card_lines(tmp_path)
    assert any(line.startswith(f"| {AMONG} (drawn) | {AMONG} | first | **") for line in lines)


@pytest.mark.parametrize(("table", "said"), [("file,label\na.png,b\n", "'set'"), ("file,label,set\na.png,b,c\n", "not there")])
def test_a_folder_that_is_not_one_is_refused_in_a_line(table: str, said: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "labels.csv").write_text(table)
    assert main(["films", "named", "video_events", "--data", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()[-1:]
    assert said in line
