"""What a review of a known product says of others."""

from __future__ import annotations

from mmcore.domains.retail import Product
from mmcore.domains.retail.praised import WEIGHT, likes

KNIT = Product("A", "A", {"colour": "Beige, Solid", "description": "Sweater in a soft knit. It has a round neckline."})


def test_praise_of_an_aspect_means_what_the_catalogue_says_of_the_product() -> None:
    assert likes("Love the colour.", KNIT) == {"Beige, Solid": WEIGHT}
    assert likes("The fabric is scratchy.", KNIT) == {"Sweater in a soft knit": -WEIGHT}
    assert likes("Love the fit", KNIT) == {"It has a round neckline": WEIGHT}


def test_of_what_the_catalogue_does_not_say_a_review_tells_nothing() -> None:
    assert likes("Love the colour. So comfortable!", Product("A", "A", {"description": "Sweater."})) == {}
    assert likes("", KNIT) == {}


def test_a_wish_in_a_review_counts_as_it_stands() -> None:
    assert likes("I prefer soft cotton.", KNIT) == {"I prefer soft cotton": WEIGHT}
    assert likes("I wish it were cotton.", KNIT) == {"I wish it were cotton": WEIGHT}


def test_without_a_product_the_clauses_count() -> None:
    assert likes("Love the colour.", None) == {"Love the colour": WEIGHT}
