import pytest

from mmcore.figures import comparison

ROWS = [
    {"name": "late", "kind": "fusion", "auroc": 0.94, "auroc_ci": [0.92, 0.95], "ece": 0.04},
    {"name": "record alone", "kind": "single", "auroc": 0.87, "auroc_ci": [0.85, 0.90], "ece": 0.03},
    {"name": "boosting", "kind": "baseline", "auroc": 0.91, "auroc_ci": None},
]


def test_only_metrics_that_were_measured_are_offered():
    assert comparison.metrics(ROWS) == ["auroc", "ece"]


def test_the_best_row_is_first_also_where_less_is_better():
    assert [row["name"] for row in comparison.ordered(ROWS, "auroc")] == ["late", "boosting", "record alone"]
    assert [row["name"] for row in comparison.ordered(ROWS, "ece")] == ["record alone", "late"]


def test_every_dot_carries_its_interval_and_its_kind_shows_without_colour():
    dots = {trace.name: trace for trace in comparison.draw(ROWS, "auroc").data}
    bar = dots["inputs together"].error_x
    assert bar.array[0] == pytest.approx(0.01) and bar.arrayminus[0] == pytest.approx(0.02)
    assert dots["plain baseline"].error_x.array[0] == 0
    assert len({trace.marker.symbol for trace in dots.values()}) == 3


def test_rows_have_plain_names():
    assert [comparison.spelled(n) for n in ("late, nested", "boosting_record", "image alone")] == [
        "Late fusion, nested", "Boosted trees on the record", "Image alone",
    ]  # fmt: skip


def test_the_shipped_model_stands_out():
    assert "<b>Late fusion<br>(shipped)</b>" in comparison.draw(ROWS, "auroc", shipped="late").layout.yaxis.categoryarray


def test_every_metric_has_a_headline_of_the_shipped_row_and_the_best_of_each_other_kind():
    assert set(comparison.HEADLINES) == set(comparison.METRICS)
    said, beside = comparison.headline(ROWS, "auroc", "late")
    assert "this model ranks the right one higher in 94 of 100 pairs" in said
    assert beside == "Beside it: 87 for the best input alone (record alone) and 91 for the best plain baseline (boosting)."
    assert comparison.headline(ROWS, "ece", "late")[0].startswith("What this model states is 4.0 points off")
    assert "“Late fusion” ranks" in comparison.headline(ROWS, "auroc")[0]


def test_of_sources_never_seen_the_row_with_most_inputs_is_told():
    sources = [{"name": s, "kind": "sources", "subset": s, "auroc": v} for s, v in (("note", 0.9), ("image+note", 0.6))]
    assert comparison.headline([*ROWS, *sources], "auroc", "late")[1].endswith("and 60 on sources never seen.")


def test_where_more_is_not_better_no_rival_is_named():
    rows = [{"name": "late", "kind": "fusion", "coverage": 0.9}, {"name": "record alone", "kind": "single", "coverage": 1.0}]
    assert comparison.headline(rows, "coverage", "late") == ("Of 100 prediction sets of this model, 90 hold the true class; 90 should.", "")


def test_a_trained_row_of_one_seed_beside_rows_of_several_says_so_and_a_baseline_does_not():
    rows = [row | {"seeds": seeds} for row, seeds in zip(ROWS, (1, 3, 1), strict=True)]
    assert comparison.once(rows) == {"late"} and comparison.once(ROWS) == set()
    assert "<b>Late fusion<br>(shipped, one seed)</b>" in comparison.draw(rows, "auroc", shipped="late").layout.yaxis.categoryarray
    assert comparison.once([row | {"seeds": 1} for row in rows]) == set()
