"""deidentify: copies go into a folder of their own."""

from mmcore.__main__ import main


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path, capsys):
    for name in ("0001.txt", "zz.txt"):
        (tmp_path / name).write_text(f"Cough since Monday. {name}\n")
    assert main(["deidentify", str(tmp_path / "zz.txt"), "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "is not empty. Name a new or an empty folder" in error
    assert (tmp_path / "0001.txt").read_text() == "Cough since Monday. 0001.txt\n" and len(list(tmp_path.iterdir())) == 2


def test_an_empty_folder_and_files_none_of_which_can_be_used_are_one_line(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["deidentify", str(tmp_path / "empty"), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "there is no file in" in error
    for name in ("a.xyz", "b.xyz"):
        (tmp_path / name).write_bytes(b"\0\1\2")
    assert main(["deidentify", str(tmp_path / "a.xyz"), str(tmp_path / "b.xyz"), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "none of 2 files was written; the first: not de-identified" in error
    assert not (tmp_path / "out").exists()
