"""The few figures that stand for a model: one helper for the page and for the command."""

import pytest

from mmcore.report.main_figures import main_figures, told

SLOTS = {"n": 8, "conditions": {"clean": {"fused": 0.99}, "-10dB": {"fused": 0.92, "audio": 0.8, "visual": 0.7}}}
EVENTS = {"n": 9, "accuracy": 0.95, "by_kind": {"rain": 1.0, "dog_bark": 0.9}, "music": {"found": 0.9}, "speech": {"found": 0.8}}
CLASSES = {"headline": {"seeds": 3, "auroc": 0.9, "abstained": 0.2, "accuracy_answered": 0.8}}


def test_a_stated_headline_is_taken_as_it_is_and_the_others_are_named_by_their_path():
    assert main_figures(CLASSES) == CLASSES["headline"]
    assert main_figures(SLOTS) == {"n": 8, "conditions.clean.fused": 0.99, "conditions.-10dB.fused": 0.92}
    assert main_figures(EVENTS) == {"n": 9, "accuracy": 0.95, "music.found": 0.9, "speech.found": 0.8}
    assert main_figures({}) == {} and told({}) == ""


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (CLASSES, ["answers 80 of 100 cases", "right in 80 of 100"]),
        (SLOTS, ["99.0 %", "92.0 %", "sound alone gets 80.0 %", "lips alone 70.0 %"]),
        (EVENTS, ["95 of 100 sounds of 2 kinds", "music in 90 of 100", "speech in 80 of 100"]),
        ({"headline": {"recall@20": 0.16}}, ["16\u00a0% is on its shelf of twenty."]),
        ({"headline": {"recall@20": 0.16, "ratio_to_best_peer": 1.3}, "best_library_peer": {"plain": "EASE"}}, ["1.3 times what EASE"]),
    ],
)
def test_the_sentence_holds_the_figures(figures, said):
    assert all(part in told(figures) for part in said)


def test_one_seed_and_sources_never_seen_are_said():
    assert "one seed" not in told(CLASSES) and "one seed" in told({"headline": CLASSES["headline"] | {"seeds": 1}})
    sources = [
        {"kind": "sources", "subset": subset, "abstained": 0.4, "accuracy_answered": right}
        for subset, right in (("image", 0.1), ("image+note", 0.6))
    ]
    assert "answers 60 of 100 and is right in 60 of 100" in told(CLASSES | {"rows": sources})
