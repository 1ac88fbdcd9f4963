"""The retail page with the bundled catalogue and with each kind of evidence left out."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.retail import merchandiser, why_not
from pages.shared.retail import shelf as shelf_panel
from pages.shared.retail import words as retail_words
from tests.pages.conftest import settled, words


def shelf(app: AppTest, part: str = "") -> list[str]:
    """Names on the cards, in order."""
    return [m.value.split("** ", 1)[1].replace("\\", "") for m in app.markdown if m.value.startswith("**") and ".** " in m.value]


def rows(app: AppTest, name: str) -> list[str]:
    return [button.key for button in app.button if button.key and button.key.startswith(f"{name}.")]


def uploader(app: AppTest, label: str):
    return next(box for box in app.file_uploader if box.label.startswith(label))


def open_own(app: AppTest, table: str) -> AppTest:
    """Opens a catalogue of one's own, a table with a header."""
    uploader(app, "Products").upload("own.csv", table.encode())
    app.run()
    next(button for button in app.button if button.key == "retail.upload.open").click().run()
    return settled(app)


def catalogue(app: AppTest, name: str) -> AppTest:
    app.get_by_key("retail.catalogue").set_value(name).run()
    return settled(app)


def away_and_back(app: AppTest) -> AppTest:
    """To the models page and back to retail, by the menu, which leaves the address bare."""
    for page in ("models", "retail"):
        app.switch_page(f"pages/{page}.py")
        app.query_params.clear()
        app.run()
    return settled(app)


def view(app: AppTest, name: str) -> AppTest:
    app.get_by_key("retail.view").set_value(name).run()
    return settled(app)


def test_it_opens_on_a_generated_shopper_with_a_full_shelf_and_an_explanation(open_retail):
    app = open_retail()
    text = words(app)
    assert "Striped blue shirts" in text and "generated" in text and "no such shopper exists" in text
    assert len(shelf(app)) == 20 and "those of the shop that the model learned from; for this one they are not checked" in text
    assert "What each kind of evidence adds" in text and "In sentences" in text and "Which words" in text and "Alike: this product" in text
    assert "Evidence grade" in text and "non-commercial" in text


@pytest.mark.parametrize("shopper", ["two_tastes", "gift", "wish_only", "review"])
def test_every_story_has_a_shelf_of_its_own(open_retail, shopper):
    app = open_retail(shopper=shopper)
    assert len(shelf(app)) == 20 and app.query_params["shopper"] == shopper


def test_the_address_decides_who_is_shown_and_a_choice_changes_the_address(open_retail):
    app = open_retail(shopper="new")
    app.query_params["shopper"] = "gift"  # as a link of the first page does
    settled(app.run())
    assert "Hoodies, and one gift" in words(app) and len(shelf(app)) == 20
    app.get_by_key("retail.who.sample").set_value("From the history").run()
    settled(app)
    assert "purchases in the history" in words(app) and app.query_params["shopper"] not in ("", "gift")


def test_a_shelf_for_nobody_says_so(open_retail):
    assert "Nothing is known of this shopper" in words(open_retail(shopper="cold_start"))


def test_a_review_moves_the_shelf_and_says_how_much(open_retail):
    text = words(open_retail(shopper="review"))
    assert "The review changed" in text and " % likely to recommend" in text
    assert re.search("it brought up, among others, “[^”]+”, “[^”]+” and “[^”]+”[.]", text)


def test_a_wish_moves_the_shelf_and_more_of_it_has_what_was_asked_for(open_retail):
    app = open_retail(shopper="new")
    before = shelf(app)
    app.text_input[0].set_value("yellow dress").run()
    after = shelf(settled(app))
    asked = [sum("ress" in name or "ellow" in name for name in names) for names in (before, after)]
    assert asked[1] > asked[0] and after != before


def test_more_like_this_less_like_this_and_hide_change_the_shelf(open_retail):
    app = open_retail(shopper="new")
    before = shelf(app)
    app.button(key=rows(app, "hidden")[0]).click().run()
    assert before[0] not in shelf(settled(app))
    app.button(key=rows(app, "more")[0]).click().run()
    assert "Clicked" in [button.label for button in settled(app).button]
    app.button(key=rows(app, "less")[1]).click().run()
    assert len(shelf(settled(app))) == 20


def test_what_is_explained_stands_on_the_shelf_also_when_the_first_product_is_hidden_or_clicked(open_retail):
    app = open_retail(shopper="new")
    for act in ("hidden", "more"):
        first = shelf(app)[0]
        app.button(key=rows(app, act)[0]).click().run()
        text = words(settled(app))
        assert f"Why {first}?" not in text and f"Why {shelf(app)[0]}?" in text


def test_without_a_wish_no_wish_is_spoken_of(open_retail):
    app = open_retail(shopper="review")
    page = words(app) + words(view(app, "Why not?")) + "".join(part.proto.body for part in app.get("html"))
    assert "praised or refused" in page and "typed wish" not in page and "the wish" not in page


def test_a_shopper_of_ones_own_is_not_called_generated(open_retail):
    def badges(app):
        return [text for text in (m.value for m in app.markdown) if "badge" in text]

    assert badges(open_retail()) and not badges(open_retail(shopper="new"))


def test_leaving_a_purchase_out_changes_the_shelf_and_taking_it_back_restores_it(open_retail):
    app = open_retail(shopper="gift")
    before = shelf(app)
    key = next(b.key for b in app.button if b.label == "Leave out")
    app.button(key=key).click().run()
    assert shelf(settled(app)) != before
    app.button(key=key).click().run()
    assert shelf(settled(app)) == before


@pytest.mark.parametrize("modality", ["image", "text", "behaviour"])
def test_the_shelf_without_each_kind_of_evidence_stands_beside_it(open_retail, modality):
    app = open_retail()
    app.get_by_key("retail.beside").set_value(modality).run()
    names = shelf(settled(app))
    assert len(names) == 20 and names[:10] != names[10:]
    assert "With everything" in words(app) and "Without" in words(app)


def test_weights_and_diversity_change_the_order(open_retail):
    app = open_retail()
    before = shelf(app)
    app.get_by_key("retail.diversity").set_value(0.7).run()
    diverse = shelf(settled(app))
    app.get_by_key("retail.diversity").set_value(0.0).run()
    app.get_by_key("retail.blend.behaviour").set_value(0.0).run()
    assert before != diverse and shelf(settled(app)) != before


def test_filters_hold_and_a_filter_that_leaves_nothing_is_said(open_retail):
    app = open_retail()
    kind = next(box for box in app.selectbox if box.label == "Kind")
    kind.set_value("Dress").run()
    assert all("dress" in name for name in shelf(settled(app)))
    app.get_by_key("retail.tier").set_value("low price").run()
    assert not app.exception
    assert shelf(app) or "No product is left to show" in words(app)


def test_why_another_product_is_chosen_by_a_click(open_retail):
    app = open_retail()
    second = shelf(app)[1]
    app.button(key=rows(app, "chosen")[1]).click().run()
    assert f"Why {second}?" in words(settled(app))


def test_search_by_words_alone_and_with_the_picture_of_a_product(open_retail):
    app = view(open_retail(), "Search")
    assert "Type words, give a picture" in words(app)
    app.get_by_key("retail.search.words").set_value("red dress with flowers").run()
    found = shelf(settled(app))
    assert len(found) == 20 and sum("dress" in name.lower() for name in found[:10]) >= 5
    box = next(box for box in app.selectbox if box.label == "or the picture of a product")
    box.set_value(box.options[1] if box.options[1] in getattr(box, "values", []) else 0).run()
    assert shelf(settled(app)) != found


def told_twice(app: AppTest) -> tuple[str, str]:
    """The probability on the first card, and the one in the sentences about it."""
    card = next(c.value for c in app.caption if c.value.startswith("**")).split("**")[1].replace("\u00a0", " ")
    return card.removesuffix(" %"), words(app).split("learned from about ")[1].split(" are bought")[0]


def everything(app: AppTest) -> str:
    return words(app) + "".join(part.proto.body for part in app.get("html"))


def tells_a_probability(app: AppTest) -> bool:
    text = everything(app)
    return any(said in text for said in ("such suggestions", "The answer", "is bought", "pts", "it would lose", "Probability "))


def test_in_another_shop_probabilities_are_told_as_that_of_training_and_of_a_search_none(open_retail):
    app = open_retail()
    assert tells_a_probability(app) and "such suggestions in the shop that the model learned from" in words(app)
    assert tells_a_probability(view(app, "Why not?"))
    app = view(app, "Search")
    app.get_by_key("retail.search.words").set_value("green floral dress").run()
    assert not tells_a_probability(settled(app)) and "Ask in English" in words(app)
    assert any("Trust the order" in i.value for i in app.info)


def test_card_sentences_and_shelves_beside_each_other_tell_one_probability(open_retail):
    app = open_retail()
    next(box for box in app.selectbox if box.label == "Kind").set_value("Dress").run()
    app.button(key=rows(settled(app), "chosen")[0]).click().run()
    assert len(set(told_twice(settled(app)))) == 1 and words(app).count("at least one of the first 20 is bought") == 1
    app.get_by_key("retail.beside").set_value("image").run()
    assert words(settled(app)).count("at least one of the first 20 is bought") == 2
    wish = next(box for box in app.text_input if box.label.startswith("A wish"))
    assert tells_a_probability(app) and not tells_a_probability(settled(wish.set_value("a yellow dress").run()))


def test_the_story_of_a_shelf_is_told_of_the_shelf_as_it_came_alone(open_retail):
    app, said = open_retail(), "The first seven suggestions are striped shirts"
    assert said in words(app) and said not in words(view(app, "Why not?"))
    app = view(app, "Shelf")
    wish = next(box for box in app.text_input if box.label.startswith("A wish"))
    assert said not in words(settled(wish.set_value("a warm yellow sweater").run()))
    app.text_input[0].set_value("").run()
    app.button(key=rows(settled(app), "hidden")[0]).click().run()
    assert said not in words(settled(app))


def test_the_evidence_over_the_picture_stays_where_no_picture_has_any(open_retail):
    app = open_retail()
    app.get_by_key("retail.opacity").set_value(40).run()
    app = view(settled(app), "Merchandiser")
    assert view(app, "Shelf").get_by_key("retail.opacity").value == 40


def test_why_not_gives_a_place_and_what_would_move_it_up(open_retail):
    text = words(view(open_retail(), "Why not?"))
    assert "Place" in text and "What would move it up" in text and "Against the last product" in text and "points of score" in text
    up, rest = (part.split("\n#")[0] for part in text.split("### What would ")[1:3])
    assert "arrow_upward" in up and "arrow_downward" not in up and "arrow_upward" not in rest and "Place **" in rest
    assert "** if the shopper had bought" in text


def test_signed_differences_have_a_true_minus():
    assert [why_not.signed(value) for value in (-1.731, 0.46)] == ["−1.73", "+0.46"]


def test_a_small_share_is_not_told_as_none():
    assert [retail_words.change(value) for value in (-0.000049, 0.0000012)] == ["−0.0049\N{NO-BREAK SPACE}pts", "0\N{NO-BREAK SPACE}pts"]


def test_the_legend_explains_the_hatching():
    assert "speaks against it" in shelf_panel.legend(tells=False)


@pytest.mark.parametrize(("query", "matches"), [("red dress with flowers", True), ("zzqx submarine engine", False)])
def test_a_search_that_nothing_matches_says_so(open_retail, query, matches):
    app = view(open_retail(), "Search")
    app.get_by_key("retail.search.words").set_value(query).run()
    assert ("No product is described in words like these" in words(settled(app))) != matches and len(shelf(app)) == 20


def test_a_search_asks_of_the_shopper_only_what_counts_in_it(open_retail):
    app = view(open_retail(), "Search")
    assert [box.label for box in app.text_input] == ["Words"] and "What they bought" not in words(app)
    app.get_by_key("retail.search.lean").set_value(True).run()
    assert [box.label for box in settled(app).text_input] == ["Words"] and "What they bought" in words(app) and app.text_area


def test_every_button_of_a_card_names_its_product(open_retail):
    app = open_retail()
    first = shelf(app)[0]
    labels = [app.button(key=rows(app, name)[0]).label.replace("\\", "") for name in ("chosen", "more", "less", "hidden")]
    assert labels == [f"{word} *{first}*" for word in ("Why", "More like", "Less like", "Hide")]


def test_one_purchase_is_no_plural(open_retail):
    app = open_retail(shopper="new")
    app.get_by_key("retail.who.sample").set_value("From the history").run()
    app.get_by_key("retail.name.sample").set_value("review").run()
    assert "1 purchase in the history" in words(settled(app))


def test_the_merchandiser_gets_every_shelf_and_the_tables(open_retail):
    app = view(open_retail(), "Merchandiser")
    next(button for button in app.button if button.label.startswith("Rank for all")).click().run()
    text = words(settled(app))
    assert "Everybody's shelf" in text and "Never shown" in text and "Whom would a product reach" in text and "Launch list" in text
    assert set(app.dataframe[0].value["place"]) == set(range(1, 21)) and "for this one they are not checked" in text
    columns = {name for frame in app.dataframe for name in frame.value}
    assert "probability" in columns and not columns & {"rank", "shoppers"}
    assert "shoppers (first 5 new)" in columns


def test_whom_a_product_reaches_is_read_from_the_shelves():
    rows = np.array([[5, 7, 9], [7, 5, 1], [2, 3, 4]])
    chances = np.array([[0.3, 0.2, 0.1], [0.25, 0.2, 0.1], [0.3, 0.2, 0.1]])
    ranked = merchandiser.Ranked(("a", "b", "c"), rows, chances, {})
    assert merchandiser.reached(ranked, 7) == [(1, 1, 0.25), (0, 2, 0.2)] and merchandiser.reached(ranked, 8) == []


def test_a_photo_that_is_none_is_refused_and_the_shelf_stays(open_retail):
    app = open_retail()
    uploader(app, "A photo of something").upload("x.jpg", b"no picture at all")
    app.run()
    assert not app.exception and len(shelf(app)) == 20 and app.error


FIVE = "id,name,kind,colour\n" + "".join(f"N{n},Garment {n},Skirt,Green\n" for n in range(5))


def test_clicks_belong_to_a_catalogue_and_are_found_again_there(open_retail):
    app = open_retail(shopper="new")
    app.button(key=rows(app, "more")[0]).click().run()
    gone = shelf(settled(app))[3]
    app.button(key=rows(app, "hidden")[3]).click().run()
    kept = shelf(settled(app))
    app = open_own(catalogue(app, "own"), FIVE)
    assert len(shelf(app)) == 5 and "Clicked" not in [button.label for button in app.button]
    app.button(key=rows(app, "hidden")[0]).click().run()
    assert len(shelf(settled(app))) == 4
    again = open_own(app, FIVE.replace("Green", "Red"))
    assert len(shelf(again)) == 5
    app = catalogue(app, "sample")
    assert shelf(app) == kept and gone not in kept and "Clicked" in [button.label for button in app.button]


def test_less_like_this_stands_among_the_clicks_and_is_taken_back(open_retail):
    app = open_retail()
    before = shelf(app)
    app.button(key=rows(app, "less")[0]).click().run()
    after = shelf(settled(app))
    assert before[0] not in after[:10] and sum("shirt" in name for name in after[:10]) >= 8
    next(button for button in app.button if button.label == "Less like this").click().run()
    assert shelf(settled(app)) == before


def test_why_not_says_what_was_hidden_and_what_a_filter_leaves_out(open_retail):
    app = open_retail()
    first = shelf(app)[0]
    app.button(key=rows(app, "hidden")[0]).click().run()
    app = view(settled(app), "Why not?")
    menu = next(box for box in app.selectbox if box.label == "Which product do you miss?")
    menu.set_value(next(at for at, option in enumerate(menu.options) if option.startswith(first))).run()
    assert f"{first} was hidden by the shopper." in words(settled(app)) and "on the shelf, at place" not in words(app)
    app.button(key="retail.unhide").click().run()
    assert f"{first} is on the shelf, at place 1." in words(settled(app))
    next(box for box in app.selectbox if box.label == "Kind").set_value("Dress").run()
    assert f"{first} is left out by the filters." in words(settled(app)) and "on the shelf, at place" not in words(app)


def test_a_hidden_product_goes_from_a_search_and_the_page_says_what_clicks_there_count_for(open_retail):
    app = view(open_retail(), "Search")
    app.get_by_key("retail.search.words").set_value("red dress with flowers").run()
    before = shelf(settled(app))
    assert "count for the shelf of Striped blue shirts, again and again, not here" in words(app)
    app.button(key=rows(app, "hidden")[0]).click().run()
    assert shelf(settled(app))[:10] == before[1:11]
    app.button(key=rows(app, "less")[0]).click().run()
    assert "count for the shelf of Striped blue shirts" in " ".join(toast.value for toast in settled(app).toast)


@pytest.mark.parametrize("place", ["Shelf", "Search"])
def test_a_photo_stays_through_another_view_until_it_is_removed(open_retail, photo, place):
    app = view(open_retail(shopper="cold_start"), place)
    uploader(app, "A photo").upload("x.jpg", photo)
    settled(app.run())
    found = shelf(app)
    app = view(view(app, "Why not?"), place)
    assert shelf(app) == found and "Nothing is known of this shopper" not in words(app)
    next(button for button in app.button if button.label == "Remove the photo").click().run()
    assert shelf(settled(app)) != found and uploader(app, "A photo")


def test_shopper_and_view_are_found_again_after_another_page_and_an_address_wins(open_retail):
    app = open_retail(shopper="new")
    app.button(key=rows(app, "more")[0]).click().run()
    app = away_and_back(view(app, "Search"))
    assert app.get_by_key("retail.view").value == "Search" and "A shopper of your own" in words(app)
    assert "Clicked" in [button.label for button in view(app, "Shelf").button]
    app.get_by_key("retail.who.sample").set_value("From the history").run()
    name = app.get_by_key("retail.name.sample").options[2]
    app.get_by_key("retail.name.sample").set_value(name).run()
    app = away_and_back(view(settled(app), "Merchandiser"))
    assert f"Shopper {name}" in words(view(app, "Shelf"))
    app = view(app, "Merchandiser")
    app.switch_page("pages/models.py").run()
    app.switch_page("pages/retail.py")
    app.query_params["shopper"] = "gift"
    assert "Hoodies, and one gift" in words(settled(app.run())) and len(shelf(app)) == 20


def test_filters_and_layout_stay_when_the_view_changes(open_retail):
    app = open_retail()
    chosen = {"retail.tier": "low price", "retail.order": "Name", "retail.beside": "image"}
    for key, value in chosen.items():
        app.get_by_key(key).set_value(value).run()
    app = view(view(app, "Search"), "Shelf")
    assert {key: app.get_by_key(key).value for key in chosen} == chosen


def test_the_order_holds_on_both_shelves_that_stand_beside_each_other(open_retail):
    app = open_retail()
    app.get_by_key("retail.order").set_value("Name").run()
    app.get_by_key("retail.beside").set_value("image").run()
    names = shelf(settled(app))
    assert names[:10] == sorted(names[:10]) and names[10:] == sorted(names[10:])


def test_praise_of_a_colour_brings_up_things_of_that_colour_and_the_page_says_what_counts(open_retail):
    app = open_retail(shopper="review")
    text = words(app)
    assert "What counts: + “Beige, Dusty Light, Solid”" in text and "“Love the colour”" not in text
    assert all("Beige" in name for name in shelf(app)[:3])
    brought = re.findall("“([^”]+)”", text.split("it brought up")[1].split("\n")[0])
    assert brought and set(brought) <= set(shelf(app))


def test_a_shopper_beyond_the_list_is_typed_and_one_that_is_not_there_is_said(open_retail, monkeypatch):
    monkeypatch.setattr("pages.shared.retail.people.LISTED", 3)
    app = open_retail()
    app.get_by_key("retail.who.sample").set_value("From the history").run()
    menu = settled(app).get_by_key("retail.name.sample")
    assert len(menu.options) == 3 and "type the id" in menu.proto.help
    menu.options.append("g100")  # as typed: AppTest itself knows the listed ones alone
    menu.set_value("g100").run()
    assert settled(app).query_params["shopper"] in ("g100", ["g100"]) and "Shopper g100" in words(app)
    menu = app.get_by_key("retail.name.sample")
    menu.options.append("nobody at all")
    app = menu.set_value("nobody at all").run()
    assert any("no shopper “nobody at all”" in warning.value for warning in app.warning)


def test_an_unknown_shopper_or_catalogue_in_the_address_is_said(open_retail):
    app = open_retail(shopper="nobody_like_this", catalogue="nowhere")
    text = words(app)
    assert "There is no shopper “nobody_like_this”" in text and "There is no catalogue “nowhere”" in text and len(shelf(app)) == 20
    assert "There is no" not in words(open_own(catalogue(open_retail(shopper="gift"), "own"), FIVE))
