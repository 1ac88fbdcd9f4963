"""The bundled case with names everywhere: none is left in any copy, report, log or temporary file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mmcore.__main__ import main
from mmcore.domains.medical.deidentify import burned_in, dicom, files
from mmcore.domains.medical.deidentify.remap import Remap
from mmcore.encoders.words_in_pictures import WrittenLine, read_words
from mmcore.readers.picture import read_picture
from sample_data.planted_names import PLANTED
from tests.conftest import REPO
from tests.domains.medical.deidentify.objects import dataset, written

CASE = REPO / "sample_data" / "chest_xray" / "names_everywhere"
PICTURE, NOTE = CASE / "picture.dcm", CASE / "note.txt"


EMBEDDED = re.compile(rb"data:image/\w+;base64,[A-Za-z0-9+/=]+")


def found_in(data: bytes) -> list[str]:
    """Which planted strings these bytes hold, in any case, in three encodings, with or without their spaces.

    Not in base64 of pictures, where five letters come about by chance.
    """
    low = EMBEDDED.sub(b"", data).lower()
    return [text for text in PLANTED if any(text.lower().encode(codec) in low for codec in ("utf-8", "utf-16-le", "utf-16-be"))]


def test_the_names_are_there_before() -> None:
    held = PICTURE.read_bytes() + NOTE.read_bytes() + (CASE / "record.json").read_bytes()
    assert set(found_in(held)) >= set(PLANTED)
    assert tomllib.loads((CASE / "case.toml").read_text())["generated"] is True
    words = " ".join(line.text for line in read_words(read_picture(PICTURE.read_bytes())[0].pixels)).upper()
    assert "FEATHERSTONEHAUGH" in words and "7731902" in words


def test_the_command_leaves_none_in_copies_report_output_or_temporary_files(tmp_path: Path) -> None:
    out, scratch, report = tmp_path / "out", tmp_path / "scratch", tmp_path / "report.json"
    scratch.mkdir()
    command = [sys.executable, "-m", "mmcore", "deidentify", str(PICTURE), str(NOTE), "--out", str(out), "--json", str(report)]
    env = {**os.environ, "TMPDIR": str(scratch), "HOME": str(scratch)}
    done = subprocess.run(command, cwd=REPO, env=env, capture_output=True, check=True)
    assert sorted(path.name for path in out.iterdir()) == ["0001.dcm", "0002.txt"]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name: found_in(path.read_bytes()) for path in written} == {path.name: [] for path in written}
    assert found_in(done.stdout + done.stderr) == []
    told = json.loads(report.read_text())["files"]
    assert all(entry["clean"] and entry["second_scan"]["left"] == [] for entry in told.values())
    assert told["0001.dcm"]["pixels"].startswith("pixels were searched for text: 2 lines blanked")
    words = " ".join(line.text for line in read_words(read_picture((out / "0001.dcm").read_bytes())[0].pixels))
    assert not re.search(r"\w{3}", words)


def test_the_note_still_says_what_was_wrong() -> None:
    note = files.clean([PICTURE.read_bytes(), NOTE.read_bytes()], None)[1].data.decode()
    for kept in ("62-year-old woman", "five days of fever and dry cough, SpO2 93% on room air", "mostly in the lower zones"):
        assert kept in note
    assert found_in(note.encode()) == []


def test_without_a_reader_of_text_it_says_that_the_pixels_were_not_searched() -> None:
    copy = files.clean([PICTURE.read_bytes()], None)[0]
    assert copy.report.pixels.sentence() == f"pixels were not searched: {burned_in.NO_READER}"
    codes = [code.CodeValue for code in dicom.clean(PICTURE.read_bytes(), Remap()).dataset.DeidentificationMethodCodeSequence]
    assert "113101" not in codes and read_picture(copy.data)[0].size == (678, 720)


def test_only_the_text_is_blanked() -> None:
    before, after = (read_picture(data)[0].pixels.astype(int) for data in (PICTURE.read_bytes(), cleaned()))
    changed = np.argwhere((before != after).any(axis=2))
    assert len(changed) and changed[:, 0].max() < 80 and changed[:, 1].max() < 420


def cleaned() -> bytes:
    return dicom.clean(PICTURE.read_bytes(), Remap(), read_words).data


def test_a_photo_loses_its_exif_and_a_record_is_refused(tmp_path: Path) -> None:
    photo = (REPO / "sample_data/medical/clear_nevus/photo.jpg").read_bytes()
    named = photo[:2] + b"\xff\xfe\x00\x13Featherstonehaugh" + photo[2:]
    picture, record = files.clean([named, b'{"name": "Featherstonehaugh"}'], None)
    assert found_in(named) and picture.ending == "png" and not found_in(picture.data)
    assert record.data == b"" and "record" in record.report.error and "Featherstonehaugh" not in record.report.error


@pytest.mark.parametrize("name", ["nothing.txt", "folder.bin"])
def test_the_command_refuses_what_it_cannot_clean_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / name).write_bytes(b"\1\2\3\4" * 40)
    assert main(["deidentify", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "neither DICOM nor a picture, plain text or PDF" in said and len(said.splitlines()) == 1 and not (tmp_path / "out").exists()


def test_writing_that_the_window_hides_is_found_too() -> None:
    canvas = Image.new("L", (400, 300), 60)
    ImageDraw.Draw(canvas).text((20, 20), "FEATHERSTONEHAUGH 7731902", fill=255, font=ImageFont.load_default(22))
    values = (np.asarray(canvas).astype("<u2") * 16).tobytes()
    hidden = dataset(Rows=300, Columns=400, PixelData=values, WindowCenter=100, WindowWidth=200)  # all of it shows as white
    assert read_picture(written(hidden))[0].pixels.min() == 255
    done = dicom.clean(written(hidden), Remap(), read_words)
    assert done.report.pixels.blanked == 1 and done.report.clean and done.dataset.pixel_array.max() == 60 * 16


def test_a_picture_taken_for_one_large_sign_is_not_blanked_and_view_words_stay() -> None:
    pixels = np.full((200, 200, 3), 90, np.uint8)
    lines = [
        WrittenLine("小", (0, 0, 200, 199), 0.8),
        WrittenLine("AP ERECT", (10, 10, 60, 20), 0.9),
        WrittenLine("Wren", (10, 50, 60, 60), 0.9),
    ]
    rounds = iter([lines, lines[:2]])
    cleaned, told = burned_in.clean_picture(pixels, lambda _: next(rounds))
    assert (told.blanked, told.kept, told.left) == (1, 1, 0)
    assert (cleaned[48:62, 8:62] == 0).all() and (cleaned[:40] == 90).all() and (cleaned[80:] == 90).all()


def test_of_a_film_every_frame_is_blanked_where_one_has_writing() -> None:
    frames = np.full((3, 200, 420), 40, np.uint8)
    canvas = Image.new("L", (420, 200), 40)
    ImageDraw.Draw(canvas).text((20, 150), "FEATHERSTONEHAUGH", fill=255, font=ImageFont.load_default(24))
    frames[1] = np.asarray(canvas)
    film = dataset(Rows=200, Columns=420, NumberOfFrames=3, BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=frames.tobytes())
    done = dicom.clean(written(film), Remap(), read_words)
    assert done.report.pixels.searched == 3 and done.report.pixels.blanked == 1 and done.dataset.pixel_array.max() == 40
    assert [c.CodeValue for c in done.dataset.DeidentificationMethodCodeSequence] == ["113100", "113107", "113101"]
