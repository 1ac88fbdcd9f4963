"""batch of films: every film or clip a row, in a second run only what is left; who answers is the model of its task."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from mmcore import library
from mmcore.__main__ import main
from mmcore.commands import events, slots
from mmcore.commands.film_batch import many_films
from mmcore.errors import InputError
from mmcore.model_spec import read_spec

LEGAL = {"grade": "g", "notice": "n", "licence": "l"}
INPUTS = {"visual": {"present": True, "warnings": ["dark"]}, "audio": {"present": True, "warnings": []}}
EVENT = {"label": "dog barking", "start_s": 0.0, "end_s": 3.5, "probability": 0.75}
CONFIDENCE = {"subset": "visual+audio", "set": ["digit:two"], "abstain": False, "reasons": []}
SHARED = {"case": "f" * 64, "inputs": INPUTS, "confidence": CONFIDENCE, "seconds": 13.662999999999998, **LEGAL}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two films, a case folder with one, and a note."""
    films = tmp_path / "films"
    (films / "case").mkdir(parents=True)
    for name in ("a.mp4", "b.wav", "case/c.mp4"):
        (films / name).write_bytes(name.encode())
    (films / "case" / "case.toml").write_text('title = "A case"\n[inputs]\nfilm = "c.mp4"\n')
    (films / "note.txt").write_text("no film")
    return films


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The films that video_events was asked for; b.wav cannot be read."""
    seen: list[str] = []

    def understand(model: object, film: Path) -> Path:
        seen.append(film.name)
        if film.name == "b.wav":
            raise InputError("the file is damaged")
        return film

    tracks = {"said": [{"text": "Hello."}], "written": []}
    answer = {**SHARED, "predictions": [{"label": "dog barking", "probability": 0.6}], "events": [EVENT], "tracks": tracks}
    document = lambda model, film: {**answer, "case": events.film_batch._digest(lambda: film)}  # noqa: E731
    monkeypatch.setattr("mmcore.domains.video.understanding.understand", understand)
    monkeypatch.setattr("mmcore.domains.video.event_document.document", document)
    spec = read_spec(library.find("video_events"))
    monkeypatch.setattr(events, "load", lambda name: SimpleNamespace(spec=spec, version="v"))
    return seen


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_row_says_events_words_and_errors_and_a_second_run_asks_only_for_what_failed(
    folder: Path, watched: list[str], ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / f"out.{ending}"
    arguments = ["batch", "video_events", str(folder), "--out", str(out)]
    assert main(arguments) == 0 and watched == ["a.mp4", "b.wav", "c.mp4"]
    assert "2 cases predicted, 1 cannot be read" in capsys.readouterr().err
    lines = out.read_text().splitlines()
    rows = list(csv.DictReader(lines)) if ending == "csv" else [json.loads(line) for line in lines]
    assert [row["case"] for row in rows] == ["a.mp4", "b.wav", "case"]
    assert rows[1]["error"] == "the file is damaged"
    assert str(rows[0]["seconds"]) == "13.663"
    told = {name: str(rows[2][name]).strip("[]'") for name in ("prediction", "events", "ends_s", "said", "warnings", "subset", "notice")}
    assert list(told.values()) == ["dog barking", "dog barking", "3.5", "Hello.", "visual: dark", "visual+audio", "n"]
    assert main(arguments) == 0 and watched[3:] == ["b.wav"]


def test_a_case_that_is_not_understood_is_a_row_too(folder: Path, watched: list[str], tmp_path: Path) -> None:
    (folder / "case" / "case.toml").write_text("titel = 1")
    arguments = ["batch", "video_events", str(folder), "--out", str(tmp_path / "out.jsonl")]
    assert main(arguments) == 0 and main(arguments) == 0 and watched == ["a.mp4", "b.wav", "b.wav"]
    rows = {row["case"]: row for row in map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())}
    assert "unknown key 'titel'" in rows["case"]["error"] and "error" not in rows["a.mp4"]


def test_answers_among_the_films_may_be_called_like_the_table_of_films(folder: Path, watched: list[str]) -> None:
    arguments = ["batch", "video_events", str(folder), "--out"]
    for out, asked in (("labels.csv", ["a.mp4", "b.wav", "c.mp4"]), ("labels.csv", ["b.wav"]), ("new.csv", ["a.mp4", "b.wav", "c.mp4"])):
        watched.clear()
        assert main([*arguments, str(folder / out)]) == 0 and watched == asked


def test_a_clip_of_a_spoken_command_is_a_row_with_each_word(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = read_spec(library.find("spoken_command"))
    model = SimpleNamespace(spec=spec, version="v", slots={"digit": ("one", "two")}, settings=SimpleNamespace(longest_s=9.0))
    answer = {**SHARED, "slots": {"digit": {"word": "two", "probability": 0.9}}}
    monkeypatch.setattr(slots, "load", lambda name: model)
    monkeypatch.setattr("mmcore.domains.video.slot_data.read_utterance", lambda clip, longest_s: clip)
    monkeypatch.setattr("mmcore.domains.video.slot_explain.analyze", lambda model, heard, explain: answer)
    out = folder.parent / "out.jsonl"
    assert main(["batch", "spoken_command", str(folder), "--out", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == 3 and rows[0]["digit"] == "two" and rows[0]["p_digit"] == 0.9 and rows[0]["set"] == ["digit:two"]


def test_films_are_found_in_a_folder_a_case_and_a_table(folder: Path) -> None:
    assert list(many_films(folder)) == ["a.mp4", "b.wav", "case"]
    assert [find().name for find in many_films(folder / "case").values()] == ["c.mp4"]
    table = folder / "labels.csv"
    table.write_text("file,label\ncase/c.mp4,dog\ngone.mp4,cat\n")
    for source in (folder, table):
        found = many_films(source)
        assert list(found) == ["case/c.mp4", "gone.mp4"] and found["case/c.mp4"]() == folder / "case" / "c.mp4"
        with pytest.raises(InputError, match=r"gone\.mp4 is not there"):
            found["gone.mp4"]()
    (folder.parent / "kept.mp4").write_bytes(b"kept")
    (folder / "link.mp4").symlink_to(folder.parent / "kept.mp4")
    table.write_text("file,label\n../a.mp4,dog\n/a.mp4,cat\nlink.mp4,cat\nlink.mp4,dog\na.mp4,dog,cat\n,cat\n")
    for source in (folder, table):
        found = many_films(source)
        assert list(found) == ["../a.mp4", "/a.mp4", "link.mp4", "link.mp4#2", "a.mp4", "6"]
        assert [find().name for name, find in found.items() if name.startswith("link")] == ["link.mp4", "link.mp4"]
        for name in ("../a.mp4", "/a.mp4", "a.mp4", "6"):
            with pytest.raises(InputError, match=r"leads out of its folder|row 5 has 3 cells|a path is empty"):
                found[name]()
    table.write_text("name\nx\n")
    with pytest.raises(InputError, match="the column 'file' is missing"):
        many_films(table)
    (folder.parent / "empty").mkdir()
    with pytest.raises(InputError, match="holds no films or sounds"):
        many_films(folder.parent / "empty")


def test_films_whose_names_look_the_same_once_written_are_films_of_their_own(tmp_path: Path) -> None:
    for name in (b"bad\xfe.wav", b"bad\xff.wav"):
        try:
            (tmp_path / os.fsdecode(name)).write_bytes(name)
        except OSError:
            pytest.skip("this file system takes names in UTF-8 only")
    found = many_films(tmp_path)
    assert list(found) == ["bad?.wav", "bad?.wav#2"] and len({find().read_bytes() for find in found.values()}) == 2
