from pages.shared import model_card, terms
from pages.shared.model_card import local, without_title


def test_a_cards_pictures_from_elsewhere_become_links_and_its_own_stay():
    assert local("see ![a plot](https://x.org/p.png)") == "see [a plot](https://x.org/p.png)"
    assert "![" not in local("![b]( //x.org/p.png)")
    assert local("![c](data:image/png;base64,AA)") == "![c](data:image/png;base64,AA)"


def test_the_title_is_not_said_twice():
    assert without_title("# A model\n\nText\n# More\n") == "Text\n# More\n"
    assert without_title("Text\n# More\n") == "Text\n# More\n"


def test_a_card_comes_in_parts_by_its_headings():
    card = "**Notice**\n\n## Use\n\nText\n\n### Detail\n\nMore\n\n## Empty\n\n## Limits\n- one\n"
    assert model_card.parts(card) == [("In short", "**Notice**"), ("Use", "Text\n\n### Detail\n\nMore"), ("Limits", "- one")]
    assert model_card.parts("") == []


def test_terms_are_explained_where_they_stand_and_nowhere_else():
    found = model_card.explained("Recall@20, STRICT figures of EASE and ALS; novelty in bits, 3 seeds")
    assert list(found) == ["seed", "Recall@20", "STRICT", "novelty", "ALS", "EASE"] and found["EASE"] == terms.GLOSSARY["EASE"]
    assert model_card.explained("also strict with ease, later than `--seed 0`, a bitsy folder") == {}


def test_no_explanation_is_empty_and_every_term_is_found_in_its_own_name():
    for forms, meaning in terms.GLOSSARY.items():
        first = forms.split("|")[0]
        assert meaning.endswith(".") and first in model_card.explained(first)
