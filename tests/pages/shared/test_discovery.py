from pages.shared import discovery


def test_every_page_file_states_its_title_order_and_summary():
    found = discovery.find()
    assert [page.title for page in found[:2]] == ["Home", "Medical"] and found[-1].title == "Models"
    assert all(page.summary and page.icon.startswith(":material/") for page in found)


def test_a_new_page_is_one_new_file_and_is_found_without_being_run(tmp_path):
    (tmp_path / "garden.py").write_text('TITLE = "Garden"\nORDER = 5\nDOMAIN = "plants"\nraise SystemExit("must not run")\n')
    (tmp_path / "first.py").write_text("ORDER = 1\n")
    (tmp_path / "_draft.py").write_text('TITLE = "Draft"\n')
    found = discovery.find(tmp_path)
    assert [(page.title, page.domain) for page in found] == [("First", ""), ("Garden", "plants")]


def test_only_plain_constants_count():
    assert discovery.constants('TITLE = "A" + x\nICON = f"{y}"\nlower = 1\nORDER = -2\n') == {"ORDER": -2}
