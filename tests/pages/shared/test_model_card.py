from pages.shared.model_page import local, without_title


def test_a_cards_pictures_from_elsewhere_become_links_and_its_own_stay():
    assert local("see ![a plot](https://x.org/p.png)") == "see [a plot](https://x.org/p.png)"
    assert "![" not in local("![b]( //x.org/p.png)")
    assert local("![c](data:image/png;base64,AA)") == "![c](data:image/png;base64,AA)"


def test_the_title_is_not_said_twice():
    assert without_title("# A model\n\nText\n# More\n") == "Text\n# More\n"
    assert without_title("Text\n# More\n") == "Text\n# More\n"
