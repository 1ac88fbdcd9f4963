import numpy as np

from mmcore.figures import overlay
from pages.shared.retail.words import change

PIXELS = np.zeros((100, 200, 3), np.uint8)
SIZE = (200, 100)
PHOTO = overlay.data_uri(PIXELS)
BOXES = np.array([[0, 0, 100, 100], [100, 0, 100, 100]])
SCORES = np.array([0.2, -0.1])


def test_photo_and_evidence_share_the_pictures_own_pixels():
    figure = overlay.draw(PHOTO, SIZE, BOXES, SCORES)
    photo = figure.layout.images[0]
    assert (photo.x, photo.y, photo.sizex, photo.sizey) == (0, 0, 200, 100)
    assert list(figure.layout.xaxis.range) == [0, 200] and list(figure.layout.yaxis.range) == [100, 0]
    heat = figure.data[0]
    assert min(heat.x) > 0 and max(heat.x) < 200 and min(heat.y) > 0 and max(heat.y) < 100


def test_the_colours_are_centred_on_zero_with_a_bar_that_says_for_and_against():
    heat = overlay.draw(PHOTO, SIZE, BOXES, SCORES).data[0]
    assert heat.zmax == -heat.zmin == 20
    assert heat.colorbar.ticktext == ("against −20\u00a0pts", "0", "for +20\u00a0pts")
    assert heat.colorbar.tickvals == (heat.zmin, 0, heat.zmax)  # the ends of the bar


def test_small_scores_are_told_in_the_words_that_are_asked_for():
    heat = overlay.draw(PHOTO, SIZE, BOXES, SCORES / 1000, floor=0, say=change).data[0]
    assert heat.colorbar.ticktext == ("against −0.020\u00a0pts", "0", "for +0.020\u00a0pts")
    assert "+0.020" in overlay.alt(BOXES, SCORES / 1000, (200, 100), "Shirt", say=change)


def test_opacity_reaches_the_overlay_and_never_the_photo():
    figure = overlay.draw(PHOTO, SIZE, BOXES, SCORES, opacity=0.3)
    assert figure.data[0].opacity == 0.3 and figure.layout.images[0].opacity is None


def test_zoom_stays_when_the_figure_is_redrawn():
    assert (
        overlay.draw(PHOTO, SIZE, BOXES, SCORES, opacity=0.3).layout.uirevision
        == overlay.draw(PHOTO, SIZE, BOXES, SCORES).layout.uirevision
    )
    assert overlay.draw(PHOTO, SIZE, BOXES, SCORES).layout.dragmode == "zoom"


def test_without_patches_the_photo_is_shown_alone():
    figure = overlay.draw(PHOTO, SIZE)
    assert len(figure.layout.images) == 1 and not any(trace.type == "heatmap" for trace in figure.data)


def test_a_large_photo_is_sent_small():
    noisy = np.random.default_rng(0).integers(0, 255, (2000, 3000, 3), np.uint8)
    assert len(overlay.data_uri(noisy)) < len(overlay.data_uri(noisy, side=3000)) / 3


def test_the_words_say_where_the_strongest_part_is():
    assert "middle left" in overlay.alt(BOXES, SCORES, (200, 100), "Melanoma")
    assert overlay.alt(None, None, (200, 100), "Melanoma") == "The photo, 200 by 100 pixels."
