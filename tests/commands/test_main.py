"""Mistakes on the command line: one line on standard error, exit status 2, nothing on standard output."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mmcore.__main__ import COMMANDS, main
from mmcore.commands.arguments import check_writable
from mmcore.errors import InputError


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["analyse"], "analyse"),
        (["models", "--jsom", "x"], "--jsom"),
        (["models", "surplus"], "surplus"),
        (["analyze"], "MODEL"),
        (["analyze", "skin_lesion"], "INPUT"),
        (["analyze", "skin_lesion", "x", "--level", "1.5"], "not between 0 and 1"),
        (["analyze", "skin_lesion", "x", "--level", "high"], "'high' is not a number"),
        (["analyze", "skin_lesion", "x", "--level", "nan"], "not between 0 and 1"),
        (["analyze", "skin_lesion", "x", "--json", "no/such/folder/out.json"], "no/such/folder"),
        (["batch", "skin_lesion", "x"], "--out"),
        (["batch", "skin_lesion", "x", "--out", "out.xlsx"], "out.xlsx is neither .jsonl nor .csv"),
        (["evaluate", "skin_lesion"], "--data"),
        (["evaluate", "skin_lesion", "--data", "no/such"], "no/such is not there"),
        (["evaluate", "skin_lesion", "--data", "pyproject.toml"], "no folder"),
        (["evaluate", "skin_lesion", "--data", ".", "--limit", "-1"], "below 0"),
        (["evaluate", "skin_lesion", "--data", ".", "--seed", "x"], "whole number"),
        (["compare", "skin_lesion", "--data", ".", "--folds", "1"], "below 2"),
        (["train", "skin_lesion", "--data", "."], "--out"),
        (["bench", "--runs", "3"], "below 20"),
        (["pretrain", "--data", "no/such", "--out", "x.safetensors"], "no/such"),
        (["pretrain", "--data", ".", "--out", "weights.pt"], "weights.pt does not end in .safetensors"),
        (["reviews", "train", "--data", ".", "--out", "weights.pt"], "weights.pt does not end in .safetensors"),
        (["analyze", "skin_lesion", ""], "it is empty: name a file or a folder"),
        (["analyze", "skin_lesion", "x", "--json", ""], "it is empty"),
        (["analyze", "skin_lesion", "x", "--html", "-"], "only --json writes to standard output"),
        (["analyze", "skin_lesion", "x", "--html", "a.out", "--json", "./a.out"], "a.out is named for two outputs"),
        (["analyze", "skin_lesion", "app.py", "--json", "./app.py"], "app.py is an input too, and would be overwritten"),
        (["analyze", "fashion", "nowhere", "one_taste"], "nowhere is not there"),
        (["analyze", "skin_lesion", "x", "--json", "/proc/nothing"], "/proc/nothing cannot be written"),
        (["analyze", "skin_lesion", "nowhere.json", "--without", "recrod"], "'recrod' is no input of this model"),
        (["analyze", "skin_lesion", "nowhere.json", "--target", "nonsense"], "nonsense"),
        (["batch", "skin_lesion", "nowhere", "--out", "never.csv"], "nowhere is not there"),
        (["batch", "video_events", "nowhere", "--out", "never.csv"], "nowhere is not there"),
        (["train", "video_events", "--data", "tests", "--out", "never"], "tests holds no labels.csv"),
        (["deidentify", "app.py", "nowhere.txt", "--out", "x"], "nowhere.txt is not there"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(arguments, said, repo, monkeypatch, capsys):
    monkeypatch.chdir(repo)
    assert main(arguments) == 2
    out, error = capsys.readouterr()
    assert out == "" and error.endswith("\n") and len(error.splitlines()) == 1
    assert said in error and "Traceback" not in error


def test_a_real_process_says_one_line_and_exits_with_2(repo):
    done = subprocess.run(
        [sys.executable, "-m", "mmcore", "evaluate", "skin_lesion", "--data", "no/such"], cwd=repo, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and "no/such" in done.stderr


def test_a_file_that_cannot_be_written_is_one_line(repo, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("mmcore.commands.models.check_writable", lambda *targets: None)
    monkeypatch.setattr("mmcore.library.model_folders", dict)
    (tmp_path / "file").write_text("")
    assert main(["models", "--json", str(tmp_path / "file" / "out.json")]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "out.json cannot be written" in error


def test_a_folder_of_models_that_is_not_there_is_noted_beside_the_answer(monkeypatch, capsys):
    monkeypatch.setenv("TRIPTYCH_MODELS", "/no/such/folder")
    assert main(["models"]) == 0
    out, error = capsys.readouterr()
    assert "skin_lesion" in out and error == "Note: TRIPTYCH_MODELS names /no/such/folder, which is no folder\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize(("arguments", "status"), [(["models", "--json", os.devnull], 0), (["models", "--bad"], 2)])
def test_a_note_that_cannot_be_written_changes_no_status(arguments, status, repo):
    with open("/dev/full", "w", encoding="utf-8") as full:
        environment = os.environ | {"TRIPTYCH_MODELS": "/no/such/folder"}
        done = subprocess.run([sys.executable, "-m", "mmcore", *arguments], cwd=repo, stderr=full, env=environment, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (status, b"")


def test_help_names_every_protocol_of_a_comparison(capsys):
    from mmcore.domains.retail.compare import PROTOCOLS

    with pytest.raises(SystemExit):
        main(["compare", "--help"])
    out = " ".join(capsys.readouterr().out.split())
    assert all(name in out for name in PROTOCOLS)


def test_looking_whether_a_file_can_be_written_changes_nothing(tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text("before")
    check_writable(kept, str(tmp_path / "new.json"))
    assert kept.read_text() == "before" and list(tmp_path.iterdir()) == [kept]


def test_a_device_may_be_named_twice_and_links_in_a_circle_are_one_line(tmp_path):
    check_writable(os.devnull, Path(os.devnull))
    circle = tmp_path / "out.json"
    circle.symlink_to(circle)
    with pytest.raises(InputError, match=r"out\.json cannot be written"):
        check_writable(circle)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_disk_that_is_full_is_one_line(monkeypatch, capsys):
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["models"]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "standard output cannot be written: No space left" in error


def test_a_file_that_is_not_there_is_told_before_torch_is_imported(repo):
    code = "import sys; from mmcore.__main__ import main; main(sys.argv[1:]); print('torch' in sys.modules)"
    words = ["analyze", "skin_lesion", "nowhere.json"]
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=repo, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n" and done.stderr.startswith("nowhere.json is not there")


def test_a_stream_that_cannot_hold_a_character_or_is_closed_ends_nothing(monkeypatch):
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="ascii"))
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["models", "--bad"]) == 2 and main(["models"]) == 0
    sys.stdout.write("█\n")
    sys.stdout.flush()
    assert held.getvalue().decode("ascii").strip().endswith("?")


def test_an_interrupt_is_status_130_without_a_traceback(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("mmcore.library.model_folders", interrupted)
    assert main(["models"]) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("command", [name for name, _, _ in COMMANDS])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0 and "usage: python -m mmcore " + command in capsys.readouterr().out


def test_help_is_quick_because_it_imports_nothing_heavy(repo):
    code = "import sys; import mmcore.__main__; print(sorted({'torch', 'numpy', 'sklearn', 'pandas'} & set(sys.modules)))"
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]" and time.perf_counter() - started < 10
