"""Parts of the video page: the file that stays for the visit, its name in downloads, moments that look like a picture."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mmcore.domains.video.shots import Shot
from pages.shared.video.film_find import LIKE, alike
from pages.shared.video.film_page import STEM, file_stem


def two_zones() -> None:
    from pages.shared.video import held_file

    for key in ("one", "two"):
        found = held_file.drop_zone("A film", key)
        if found is not None:
            import streamlit as st

            st.text(f"{key} {found.name} {len(found.data)}")


def dropped(app: AppTest, number: int, name: str, data: bytes) -> AppTest:
    app.file_uploader[number].upload(name, data)
    return app.run()


def test_a_dropped_file_is_held_once_until_another_comes_or_it_is_forgotten() -> None:
    app = AppTest.from_function(two_zones).run()
    assert not app.text
    dropped(app, 0, "a.mp4", b"123")
    assert [t.value for t in app.text] == ["one a.mp4 3"]
    assert app.file_uploader[0].value is None  # an empty zone took the place of the one with the bytes
    dropped(app, 0, "b.mp4", b"12345")
    dropped(app, 1, "c.wav", b"1")
    assert [t.value for t in app.text] == ["one b.mp4 5", "two c.wav 1"]
    app.get_by_key("one.forget").click().run()
    assert [t.value for t in app.text] == ["two c.wav 1"] and not app.exception


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Big Buck Bunny", "Big_Buck_Bunny"), ("holiday.final.mp4", "holiday_final"), ("été à Köln.mov", "été_à_Köln"),
        ("../../etc/passwd", "passwd"), ("<b>&?*.mp4", "b"), ("..mp4", "film"), ("", "film"), ("---", "film"), ("x" * 300, "x" * STEM),
    ],
)  # fmt: skip
def test_files_about_a_film_are_called_after_it_with_harmless_names(title: str, stem: str) -> None:
    assert file_stem(title) == stem


def test_only_moments_from_the_least_likeness_on_look_like_a_picture() -> None:
    cosines = [LIKE - 0.01, 0.9, LIKE + 0.01, 0.3]
    looks = np.array([[c, np.sqrt(1 - c * c)] for c in cosines])
    shots = [Shot(0, 1), Shot(1, 2), Shot(2, 4)]  # the last two moments are one shot
    found = SimpleNamespace(looks=looks, moments=np.arange(4) + 0.5, shots=shots, every_s=1.0)
    hits = alike(found, np.array([1.0, 0.0]))
    assert [(p.start, p.end, p.text) for p in hits] == [(1.5, 2.5, "looks like it (0.90)"), (2.5, 3.5, "looks like it (0.51)")]
    assert alike(found, np.array([0.0, -1.0])) == []
