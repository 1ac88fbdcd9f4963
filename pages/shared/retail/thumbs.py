"""Product pictures as small data URIs, made once for every visitor."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore.domains.retail.catalogue import Catalogue, read_or_none
from mmcore.figures.overlay import data_uri
from pages.shared.recent import Recent

SIDE, HELD = 224, 2000


@st.cache_resource(show_spinner=False)
def _held() -> Recent[str]:
    return Recent(HELD)


def uri(catalogue: Catalogue, row: int, side: int = SIDE) -> str:
    """The product's picture; "" where it has none that can be read."""
    product = catalogue.products[row]
    key = f"{catalogue.digest}:{row}:{side}"
    found = _held().get(key)
    if found is None:
        pixels = read_or_none(product.picture)
        found = _held().put(key, "" if pixels is None else data_uri(pixels, side))
    return found


def pixels(catalogue: Catalogue, row: int) -> np.ndarray | None:
    """(H, W, 3) uint8; None where there is no picture."""
    return read_or_none(catalogue.products[row].picture)
