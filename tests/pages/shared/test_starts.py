import base64
import io
import itertools

import numpy as np
from PIL import Image

from mmcore.domains.retail import week
from mmcore.domains.retail.catalogue import Product
from mmcore.model_spec import read_spec
from mmcore.settings import read_toml
from pages.shared import starts
from pages.shared.retail import people
from tests.pages.conftest import ROOT


def test_a_past_is_pictured_by_the_latest_of_the_kind_bought_most():
    past = [Product(str(at), str(at), {"kind": kind}) for at, kind in enumerate(("Skirt", "Hoodie", "Hoodie", "Trousers"))]
    assert people.pictured(past) == 1
    assert people.pictured(past[2:]) == 0 and people.pictured([]) == 0


def test_the_sample_of_hoodies_and_a_gift_shows_a_hoodie():
    products = {product.id: product for product in week.read_catalogue(people.STORIES_FILE.parent).products}
    past = [products[item] for item in read_toml(people.STORIES_FILE)["gift"]["items"]]
    assert "hoodie" in past[people.pictured(past)].name


def test_no_two_films_have_the_same_picture():
    pictures = [start.thumbnail for start in starts.of("video", read_spec(ROOT / "mmcore" / "models" / "video_events")) if start.thumbnail]
    small = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("L").resize((8, 8)), int) for uri in pictures
    ]
    assert len(small) >= 4
    assert all(np.abs(a - b).mean() > 8 for a, b in itertools.combinations(small, 2))
