import re

from mmcore.report import svg


def rects(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(w)) for x, w in re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', text)]


def test_a_share_against_starts_where_the_one_before_ended_and_goes_left():
    base, photo, record, _ = rects(svg.waterfall([("a", 0, 0.1), ("b", 0.1, 0.4), ("c", 0.4, 0.25), ("d", 0, 0.25)], "w"))
    assert abs(photo[0] - (base[0] + base[1])) < 0.2
    assert abs((record[0] + record[1]) - (photo[0] + photo[1])) < 0.2 and record[0] < photo[0] + photo[1]


def test_pushes_lie_on_both_sides_of_the_middle():
    left, right = rects(svg.pushes([("a", -0.1), ("b", 0.1)], "p"))
    assert abs((left[0] + left[1]) - right[0]) < 0.2


def test_names_are_escaped():
    assert "<b>" not in svg.bars([("<b>", 0.5, True)], "x") and "&lt;b&gt;" in svg.bars([("<b>", 0.5, True)], "x")
