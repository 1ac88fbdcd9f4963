from mmcore.figures import conditions

ROWS = {
    "quiet": {"audio": 0.9, "visual": 0.7, "sum": 0.95, "fused": 0.96, "audio_ci": [0.85, 0.92]},
    "noise": {"audio": 0.6, "visual": 0.7, "sum": 0.8, "fused": 0.81},
}


def test_each_way_has_a_dot_for_each_condition_with_its_interval():
    dots = {trace.name: trace for trace in conditions.draw(ROWS).data}
    assert list(dots) == ["sound", "lips", "plain sum", "fused"] and list(dots["fused"].x) == [0.96, 0.81]
    assert [round(e, 2) for e in (*dots["sound"].error_x.array, *dots["sound"].error_x.arrayminus)] == [0.02, 0, 0.05, 0]
    assert len({trace.marker.symbol for trace in dots.values()}) == 4


def test_the_headline_is_of_the_condition_in_which_sound_is_worst():
    said = "Where sound alone does worst (noise), it gets 60 of 100 words right, the lips 70, both 81 (their plain sum 80)."
    assert conditions.headline(ROWS) == said


def test_the_words_name_each_condition():
    assert conditions.alt(ROWS).count(";") == 1 and "noise: sound 60\u00a0%, lips 70\u00a0%" in conditions.alt(ROWS)
