from mmcore import library
from pages.shared.video import film_source
from tests.pages.conftest import words

DRAWN = ":material/draw: "


def test_it_says_what_this_is_and_what_it_runs_on(open_page):
    text = words(open_page())
    assert "one answer that shows its work" in text and ("CPU" in text or "GPU" in text or "NVIDIA" in text)


def test_every_sample_is_one_click_away_and_says_whether_it_is_generated(open_page):
    labels = [link.value for link in open_page().page_link]
    drawn = {label.removeprefix(DRAWN) for label in labels if label.startswith(DRAWN)}
    assert {"Open medical", "Open retail", "Open video"} <= set(labels)
    assert {"An even brown mole", "A study with its prior", "Striped blue shirts, again and again", "Nothing is known"} <= drawn
    films = film_source.samples().values()
    assert {film.title for film in films if film.generated} <= drawn
    assert "Big Buck Bunny" in labels


def test_a_link_tells_how_good_each_model_is(open_page):
    links = [link.proto for link in open_page().page_link if link.proto.label == "How good is it?"]
    assert [link.query_string for link in links] == ["model=skin_lesion", "model=chest_xray", "model=fashion", "model=video_events"]
    assert all(link.page == "models" for link in links)


def test_a_domain_without_a_model_is_not_shown(open_page, monkeypatch):
    monkeypatch.setattr(library, "model_folders", dict)
    assert not open_page().page_link
