"""deidentify: copies go into a folder of their own."""



from mmcore.__main__ import main


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path, capsys):
    for name in ("0001.txt", "zz.txt"):
        (tmp_path / name).write_text(f"Cough since Monday. {name}\n")
    assert main(["deidentify", str(tmp_path / "zz.txt"), "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "is not empty. Name a new or an empty folder" in error
    assert (tmp_path / "0001.txt").read_text() == "Cough since Monday. 0001.txt\n" and len(list(tmp_path.iterdir())) == 2
