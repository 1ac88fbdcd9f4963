from mmcore.wording import capital, change, listing, moved, no_guarantee, percent, points, sentence, spoken


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2212", "-")


def test_a_probability_is_never_rounded_to_certainty():
    assert [plain(percent(p)) for p in (0.0, 0.001, 0.254, 0.996, 1.0)] == ["0 %", "<1 %", "25 %", ">99 %", "100 %"]


def test_a_difference_keeps_its_sign_and_a_small_one_its_decimal():
    assert [plain(points(d)) for d in (0.11, -0.034, 0.004, -0.0021, 0.0)] == ["+11 pts", "-3 pts", "+0.4 pts", "-0.2 pts", "0 pts"]


def test_a_change_names_before_and_after():
    assert plain(change(0.61, 0.48)) == "61 % → 48 %"


def test_a_difference_is_that_of_the_numbers_as_they_are_written():
    assert [plain(moved(*pair)) for pair in ((0.626, 0.814), (0.626, 0.284), (0.612, 0.614))] == ["+18 pts", "-35 pts", "+0.2 pts"]


def test_names_are_listed_as_in_speech():
    assert [listing([]), listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_values_are_spoken_plainly_and_abbreviations_are_kept():
    said = [spoken(v) for v in (61.0, "True", "False", "FACE", "EAR", "Left arm", "PA", "F")]
    assert said == ["61", "yes", "no", "face", "ear", "Left arm", "PA", "F"]


def test_a_label_begins_with_a_capital_and_keeps_the_others():
    assert [capital(text) for text in ("AP Supine", "left arm", "")] == ["AP Supine", "Left arm", ""]


def test_a_files_name_keeps_its_own_first_letter():
    assert capital("text.mp4 is no film") == "text.mp4 is no film" and capital("a.csv: the table is empty") == "a.csv: the table is empty"


def test_a_sentence_has_a_capital_and_one_full_stop_and_nothing_stays_nothing():
    told = [sentence(text) for text in ("cut off ", "Give one.", "which?", "photo.jpg: cut off", "")]
    assert told == ["Cut off.", "Give one.", "which?".capitalize(), "photo.jpg: cut off.", ""]


def test_no_guarantee_is_worded_for_one_input_and_for_several():
    assert no_guarantee(["photo"], "", "anything seen") == "No guarantee here: the photo is unlike anything seen."
    assert no_guarantee(["photo", "note"], "", "it") == "No guarantee here: the photo and the note are unlike it."
