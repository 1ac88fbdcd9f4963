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
    assert "<b>Late fusion (shipped)</b>" in comparison.draw(ROWS, "auroc", shipped="late").layout.yaxis.categoryarray
