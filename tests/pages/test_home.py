from mmcore import library
from pages.shared.video import film_source
from tests.pages.conftest import words


def test_it_says_what_this_is_and_what_it_runs_on(open_page):
    text = words(open_page())
    assert "one answer that shows its work" in text and ("CPU" in text or "GPU" in text or "NVIDIA" in text)


def test_every_sample_is_one_click_away(open_page):
    links = open_page().page_link
    labels = [link.value for link in links]
    assert "Open medical" in labels and "An even brown mole" in labels and len(labels) >= 7
    assert {"Open retail", "Striped blue shirts, again and again", "Nothing is known", "Open video"} <= set(labels)
    films = [film.title for film in film_source.samples().values()]
    assert films and set(films) <= set(labels)


def test_a_domain_without_a_model_is_not_shown(open_page, monkeypatch):
    monkeypatch.setattr(library, "model_folders", dict)
    assert not open_page().page_link
