from mmcore import library
from mmcore.commands.models import entry
from mmcore.model_folder import read_json
from mmcore.wording import MINUS
from tests.pages.conftest import words


def test_the_card_the_licence_and_the_grade_are_there(open_page):
    text = words(open_page("models", model="skin_lesion"))
    assert "Not a medical device" in text and "PAD-UFES-20" in text


def test_models_are_listed_by_title_as_the_menu_lists_pages_and_the_address_names_the_one_shown(open_page):
    app = open_page("models")
    box = app.selectbox(key="models.shown")
    assert box.value == "skin_lesion" and box.options[0].startswith("Skin lesion") and "Chest X-ray with record and note" in box.options
    box.set_value("fashion").run()
    assert app.query_params["model"] == "fashion" and "Suggestions, not facts about people" in words(app)


def test_each_chart_stands_under_a_sentence_with_its_main_figure(open_page):
    app = open_page("models", model="skin_lesion")
    text = words(app)
    assert "How good it is:** It answers 84 of 100 cases" in text
    assert "this model ranks the right one higher in 94 of 100 pairs" in text and "Rows marked “one seed”" in text
    assert "**With image and record, what the model says is 4 points off on average.**" in text
    app.session_state["metric"] = "set_size"
    app.run()
    assert "A prediction set of this model holds 1.5 classes on average." in words(app)


def test_a_model_without_a_comparison_says_how_good_it_is_from_the_figures_of_the_command(open_page):
    said = entry("spoken_command", library.find("spoken_command"))["headline"].replace(MINUS, "-")
    assert said in words(open_page("models", model="spoken_command"))
    longest = read_json(library.find("video_events"), "cost.json")["lengths"][-1]
    assert f"A film of 30 min takes {longest['seconds']:.0f} s" in words(open_page("models", model="video_events"))


def test_a_ranking_model_has_its_page_without_classes(open_page):
    text = words(open_page("models", model="fashion"))
    assert "Suggestions, not facts about people" in text and "**Classes:**" not in text


def test_an_unknown_folder_is_refused_in_one_line_with_the_way_out(open_page):
    app = open_page("models")
    app.text_input(key="models.folder_text").set_value("/nowhere/at/all")
    app.form_submit_button[0].click().run()
    assert not app.exception
    assert len(app.error) == 1 and "is not known" in words(app)


def test_a_folder_that_train_wrote_joins_the_models(open_page):
    app = open_page("models")
    app.text_input(key="models.folder_text").set_value(str(library.find("skin_lesion")))
    app.form_submit_button[0].click().run()
    assert not app.exception and not app.error and "among the models now" in words(app)


def test_a_link_to_an_unknown_model_says_so(open_page):
    app = open_page("models", model="nonsense")
    assert "There is no model “nonsense” here" in words(app)


def test_what_a_link_asks_for_is_never_taken_for_markup(open_page):
    asked = "![](http://example.com/seen.png)"
    told = [open_page("models", model=asked).warning[0].value, open_page("medical", model=asked).warning[0].value]
    assert all("![" not in text and "example" in text for text in told)


def test_notice_and_licence_are_sentences_of_their_own(open_page):
    assert "Finds only what its pictures and twelve kinds of sound can tell" in words(open_page("models", model="video_events"))
    assert "but for sight on photos.** Sound head: CC BY 3.0" in words(open_page("models", model="video_events"))
