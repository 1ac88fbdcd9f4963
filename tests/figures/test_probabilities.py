from mmcore.figures import probabilities
from mmcore.figures.palette import FAINT, FOR
from tests.figures.results import result


def test_classes_in_the_prediction_set_are_filled_and_marked_without_colour_too():
    bar = probabilities.draw(result()).data[0]
    assert list(bar.marker.color) == [FOR, FOR, FAINT]
    assert [probabilities.IN_SET in name for name in bar.y] == [True, True, False]


def test_the_most_probable_class_is_on_top():
    figure = probabilities.draw(result())
    assert list(figure.data[0].x) == [0.60, 0.25, 0.15] and figure.layout.yaxis.autorange == "reversed"


def test_the_class_that_is_explained_is_bold():
    assert [name.startswith("<b>") for name in probabilities.draw(result(), target="MEL").data[0].y] == [False, True, False]


def test_the_original_probabilities_are_marked_for_comparison():
    figure = probabilities.draw(result(), before={"MEL": 0.5, "NEV": 0.4, "BCC": 0.1})
    assert list(figure.data[1].x) == [0.4, 0.5, 0.1]


def test_no_mark_strikes_through_a_number():
    figure = probabilities.draw(result(), before={"MEL": 0.30, "NEV": 0.4, "BCC": 0.9})
    written = figure.data[-1]
    assert written.mode == "text" and [text.strip() for text in written.text] == ["60\u00a0%", "25\u00a0%", "15\u00a0%"]
    assert list(written.x) == [0.60, 0.30, 0.15]  # behind the bar, or behind the mark that would lie under the number
    assert list(probabilities.draw(result()).data[-1].x) == [0.60, 0.25, 0.15]


def test_the_words_name_the_set_and_its_level():
    said = probabilities.alt(result()).replace("\u00a0", " ")
    assert "Nevus 60 %" in said and said.endswith("Prediction set at 90 %: Nevus and Melanoma.")
