"""Where a command writes what: JSON that is strict, bars that do not get in the way."""

import io
import json
import threading

import pytest

from mmcore.commands import output
from mmcore.commands.output import StageBars, percent, write_json


def test_json_is_strict_and_keeps_letters_of_every_language(tmp_path):
    write_json({"a": float("nan"), "name": "Müller 黒子"}, str(tmp_path / "x.json"))
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=pytest.fail) == {"a": None, "name": "Müller 黒子"} and "黒子" in text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_on_a_stream_loses_no_letter_whatever_its_encoding(encoding, monkeypatch):
    held = io.BytesIO()
    monkeypatch.setattr(output.sys, "stdout", io.TextIOWrapper(held, encoding=encoding, errors="replace"))
    write_json({"name": "Müller 黒子 …"}, "-")
    assert json.loads(held.getvalue()) == {"name": "Müller 黒子 …"}
    assert ("黒子".encode() in held.getvalue()) == (encoding == "utf-8")


def test_a_model_that_loads_slowly_is_told_on_a_terminal_only(monkeypatch):
    monkeypatch.setattr(output, "SLOW_LOADING_S", 0.0)
    for screen, said in ((Terminal(), "Loading the model toy …\n"), (io.StringIO(), "")):
        monkeypatch.setattr(output.sys, "stderr", screen)
        loaded = threading.Event()
        with output.told_while_loading("toy"):
            loaded.wait(0.05)
        assert screen.getvalue() == said


def test_a_missing_figure_is_a_dash():
    assert (percent(None), percent(0.613), percent(0.0)) == ("–", "61.3 %", "0.0 %")


def test_short_work_draws_no_bar_into_a_log(capsys):
    bars = StageBars()
    for done in range(5):
        bars("predict", done + 1, 5)
    bars.close()
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_each_stage_has_a_bar_of_its_own_and_one_that_starts_again_a_new_one(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(output.sys, "stderr", screen)
    bars = StageBars()
    for stage in ("read", "tune", "tune"):
        for done in (1, 2):
            bars(stage, done, 2)
    bars.close()
    drawn = screen.getvalue()
    assert drawn.count("read: 100%") == 1 and drawn.count("tune: 100%") == 2 and "\x1b[A" not in drawn


def test_an_error_that_names_another_file_is_not_put_on_the_one_to_be_written(tmp_path):
    with pytest.raises(FileNotFoundError), output.writing(tmp_path / "out.json"):
        (tmp_path / "other.json").read_text()
