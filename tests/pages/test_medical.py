import csv
import io
import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from mmcore.pipeline import load
from pages.shared.batch import Batch
from tests.pages.conftest import settled, words

DOMAIN = "medical"


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("Your files").run())
    for name, data in files:
        app.file_uploader[0].upload(name, data)
    return settled(app.run())


def field(app: AppTest, name: str):
    return next(
        w for kind in (app.number_input, app.selectbox, app.segmented_control) for w in kind if w.key and w.key.endswith(f".record.{name}")
    )


def switch(app: AppTest, modality: str):
    return next(toggle for toggle in app.toggle if toggle.key and toggle.key.startswith("use.") and toggle.key.endswith(f".{modality}"))


def charts(app: AppTest) -> list[str]:
    return [chart.proto.id.rsplit("-", 1)[-1] for chart in app.get("plotly_chart")]


def test_it_opens_on_a_sample_and_is_never_empty(open_page):
    app = open_page("medical")
    text = words(app)
    assert "An even brown mole" in text and "generated" in text and "ost probable" in text
    assert app.query_params["case"] == "clear_nevus"


def test_notice_grade_and_licence_stand_beside_the_result(open_page):
    text = words(open_page("medical"))
    assert "Not a medical device" in text and "Evidence grade: held-out patients" in text and "PAD-UFES-20" in text


def test_a_sample_can_be_linked_to(open_page):
    assert "A record without a photo" in words(open_page("medical", case="no_photo"))


def test_a_click_on_a_card_opens_its_sample_and_names_it_in_the_address(open_page):
    app = open_page("medical")
    settled(app.button(key="sample.no_record").click().run())
    assert app.query_params["case"] == "no_record" and "photo only" in words(app)


def test_a_link_to_nothing_says_so_and_shows_a_sample(open_page):
    text = words(open_page("medical", case="nonsense"))
    assert "There is no such case here" in text and "ost probable" in text


@pytest.mark.parametrize(("sample", "absent"), [("no_photo", "no photo"), ("no_record", "Clinical record")])
def test_a_case_with_an_input_missing_is_answered_and_says_what_is_missing(open_page, sample, absent):
    app = open_page("medical", case=sample)
    assert "ost probable" in words(app) and absent in words(app)
    assert "Interaction" not in words(app)


def test_files_are_read_with_a_verdict_each_and_then_dropped(open_page, photo, record):
    app = upload(open_page("medical"), ("me.jpg", photo), ("me.json", record))
    text = words(app)
    assert "Accepted] me.jpg: Read as the photo." in text.replace("**", "") and "me.json" in text
    assert "Your case" in text and app.query_params["case"] == "upload"
    assert not app.file_uploader[0].value


def test_a_record_joins_the_photo_given_before_and_a_second_photo_starts_anew(open_page, photo, record):
    app = upload(open_page("medical"), ("a.jpg", photo))
    assert field(app, "age").value is None
    upload(app, ("a.json", record))
    assert field(app, "age").value == 61 and switch(app, "image")
    upload(app, ("b.jpg", photo))
    assert field(app, "age").value is None


def test_a_file_that_is_no_picture_is_refused_with_how_to_mend_it_and_the_case_stays(open_page):
    app = upload(open_page("medical"), ("holiday.jpg", b"this is text"))
    text = words(app)
    assert "Refused" in text and "holiday.jpg" in text and "Use JPEG" in text
    assert "Still shown: the sample An even brown mole" in text and app.query_params["case"] == "clear_nevus"


def test_what_cannot_be_understood_in_a_record_is_warned_about(open_page, photo):
    app = upload(open_page("medical"), ("a.jpg", photo), ("a.json", b'{"age": 430, "itch": "maybe", "bleed": "no"}'))
    text = words(app)
    assert "Warned" in text and "430 is above 120" in text


def test_a_record_of_which_nothing_can_be_used_is_refused_with_the_reason_for_each_entry(open_page):
    text = words(upload(open_page("medical"), ("a.json", b'{"age": 430}')))
    assert "Refused" in text and "430 is above 120" in text


def test_after_a_reload_an_upload_is_gone_and_the_page_says_so(open_page):
    text = words(open_page("medical", case="upload"))
    assert "they are gone" in text and "ost probable" in text


def test_forgetting_an_upload_brings_back_a_sample(open_page, photo):
    app = upload(open_page("medical"), ("a.jpg", photo))
    settled(app.button(key=f"{DOMAIN}.uploads.forget").click().run())
    assert not app.exception and app.query_params["case"] == "clear_nevus" and "Your case" not in words(app)


def test_editing_a_field_shows_the_change_against_the_original_and_can_be_taken_back(open_page):
    app = open_page("medical")
    settled(field(app, "bleed").set_value("True").run())
    text = words(app)
    assert " → " in text and "bleeds: yes" in text
    settled(app.button(key="reset_edits").click().run())
    assert not app.exception and field(app, "bleed").value == "False" and "bleeds: yes" not in words(app)


def test_mending_a_field_settles_the_warning_about_it(open_page):
    app = open_page("medical", case="messy_record")
    assert "430 is above 120" in words(app)
    settled(field(app, "age").set_value(43.0).run())
    assert not app.exception and "430 is above 120" not in words(app)


def test_taking_an_input_away_shows_the_change_and_the_last_one_stays(open_page):
    app = open_page("medical")
    settled(switch(app, "image").set_value(False).run())
    text = words(app)
    assert "without the photo" in text and " → " in text and "switched off" in text
    assert switch(app, "record").disabled


def test_an_edit_never_carries_over_to_another_case(open_page):
    app = open_page("medical")
    settled(field(app, "bleed").set_value("True").run())
    settled(app.button(key="sample.no_photo").click().run())
    settled(app.button(key="sample.clear_nevus").click().run())
    assert field(app, "bleed").value == "False"


def test_any_class_can_be_asked_about(open_page):
    app = open_page("medical")
    why = next(box for box in app.selectbox if box.key and box.key.startswith("target."))
    settled(why.set_value("MEL").run())
    assert "Why Melanoma?" in words(app)


def test_a_lower_level_never_makes_the_set_wider(open_page):
    app = open_page("medical")

    def members(level: float) -> int:
        settled(next(s for s in app.slider if s.key and s.key.startswith("level.")).set_value(level).run())
        lines = words(app).splitlines()
        return lines[next(i for i, line in enumerate(lines) if "Not ruled out" in line)].count(",")

    next(s for s in app.slider if s.key and s.key.startswith("level."))
    assert members(0.5) <= members(0.99)


def test_what_would_change_the_answer_can_be_tried_at_once(open_page):
    app = open_page("medical")
    settled(next(b for b in app.button if b.key == "try.image").click().run())
    assert not app.exception and "without the photo" in words(app)


def test_a_case_made_by_hand_is_answered(open_page):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("By hand").run())
    app.get_by_key(f"{DOMAIN}.form.record.age").set_value(70.0)
    app.get_by_key(f"{DOMAIN}.form.record.bleed").set_value("True")
    settled(app.form_submit_button[0].click().run())
    assert not app.exception and app.query_params["case"] == "form" and "made by hand" in words(app)
    form = app.expander[0]  # folded away: what counts is the record below
    assert "as you sent it" in form.label and not form.proto.expanded


def test_a_number_outside_of_its_range_in_the_form_is_refused_with_the_limit(open_page):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("By hand").run())
    app.get_by_key(f"{DOMAIN}.form.record.age").set_value(130.0)
    app.get_by_key(f"{DOMAIN}.form.record.bleed").set_value("True")
    settled(app.form_submit_button[0].click().run())
    assert "Age: 130 is above 120" in words(app) and app.query_params["case"] == "clear_nevus"
    assert app.get_by_key(f"{DOMAIN}.form.record.age").value == 130


def test_the_case_before_is_called_so_under_a_form_that_is_refused(open_page):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("By hand").run())
    for age in (45.0, 130.0):
        app.get_by_key(f"{DOMAIN}.form.record.age").set_value(age)
        settled(app.form_submit_button[0].click().run())
        assert ("Still shown: Your case, made by hand" in words(app)) == (age == 130)


def test_a_browser_sends_what_is_outside_of_its_range(open_page):
    age = field(open_page("medical"), "age").proto
    assert age.max > 1e9 and age.min < -1e9  # else it would keep 130 to itself, and the page would answer for the number before


def test_a_number_outside_of_its_range_in_the_record_counts_as_missing_and_the_page_says_so(open_page):
    app = open_page("medical")
    settled(field(app, "age").set_value(45.0).run())
    settled(field(app, "age").set_value(130.0).run())
    text = words(app)
    assert field(app, "age").value == 130 and "Age: 130 is above 120, taken as missing" in text
    assert "(age: not given)" in text
    settled(field(app, "age").set_value(45.0).run())
    assert "is above 120" not in words(app) and "(age: 45)" in words(app)


def test_a_number_outside_of_its_range_is_told_too_where_the_field_was_empty(open_page, photo):
    app = upload(open_page("medical"), ("a.jpg", photo))
    settled(field(app, "age").set_value(-3.0).run())
    assert "Age: -3 is below 0, taken as missing" in words(app) and " → " not in words(app)


def test_an_empty_form_is_refused(open_page):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("By hand").run())
    settled(app.form_submit_button[0].click().run())
    assert not app.exception and "The form is empty" in words(app)


def test_an_unknown_model_in_the_address_says_so(open_page):
    assert "There is no model “nonsense” here" in words(open_page("medical", model="nonsense"))


@pytest.mark.data
def test_a_real_case_from_the_held_out_fold_is_labelled_real_and_keeps_its_truth_folded_away(open_page, shared_data):
    app = open_page("medical", case="real-0")
    text = words(app)
    assert "Real case 1" in text and "real case]" in text and "says the data set" in text and "generated" not in text
    assert app.expander[0].label == "What it turned out to be"


def held_batch(app: AppTest, model: str = "skin_lesion") -> Batch:
    """The batch that this model answers."""
    return app.session_state[f"{DOMAIN}.batch.{load(model).version[:12]}"]


def finished(app: AppTest, model: str = "skin_lesion") -> AppTest:
    assert held_batch(app, model).job.wait(100)
    settled(app.run())
    time.sleep(0.1)
    settled(app.run())
    assert not app.exception
    return app


def test_many_cases_give_a_table_with_a_verdict_a_row(open_page, photo):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("Many at once").run())
    table = b"image,age,region\na.jpg,61,nose\nmissing.jpg,50,arm\n,430,back\n"
    app.file_uploader[0].upload("cases.csv", table)
    app.file_uploader[1].upload("a.jpg", photo)
    settled(app.run())
    settled(next(b for b in app.button if b.label == "Analyse all").click().run())
    finished(app)
    shown = app.dataframe[0].value
    assert list(shown["Verdict"]) == ["accepted", "refused", "warned"]
    assert "missing.jpg" in shown["Remarks"][1] and list(shown.columns)[:3] == ["Case", "Verdict", "Remarks"]
    assert "2 of 3 cases answered, 1 refused" in app.warning[0].value and not app.success


def test_rows_go_without_names_under_the_numbers_that_the_page_shows(open_page):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("Many at once").run())
    app.file_uploader[0].upload("cases.csv", b"age,region\n61,nose\n50,arm\n,\n40,back\n")
    settled(app.run())
    finished(settled(next(b for b in app.button if b.label == "Analyse all").click().run()))
    from pages.shared import batch_run

    held = held_batch(app)
    named = [row["case"] for row in batch_run.nameless(held.done, held.numbers)]
    assert list(app.dataframe[0].value["Case"]) == ["row 1", "row 2", "row 4"] and named == ["row 1", "row 2", "row 4"]


def test_a_table_with_wrong_columns_is_refused_in_one_line(open_page):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("Many at once").run())
    app.file_uploader[0].upload("cases.csv", b"colour,size\nred,3\n")
    settled(app.run())
    settled(next(b for b in app.button if b.label == "Analyse all").click().run())
    assert not app.exception and len(app.error) == 1 and "No column is an input" in words(app)


def test_the_downloads_of_a_batch_carry_model_version_grade_and_notice_in_every_row(open_page):
    app = open_page("medical")
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("Many at once").run())
    settled(next(b for b in app.button if b.label == "Try it with the samples").click().run())
    finished(app)
    from pages.shared import batch_run, models

    spec = models.specs(DOMAIN)["skin_lesion"]
    rows = held_batch(app).done
    lines = [json.loads(line) for line in batch_run.json_lines(rows, spec).splitlines()]
    table = list(csv.DictReader(io.StringIO(batch_run.table(rows, spec).decode("utf-8-sig"))))
    assert len(lines) == len(table) == len(rows) >= 6
    for row in (*lines, *table):
        assert row["model"] == "skin_lesion" and len(row["version"]) == 64 and row["grade"] and "Not a medical device" in row["notice"]
