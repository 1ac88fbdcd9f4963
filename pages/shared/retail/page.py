"""The retail page, top to bottom as it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from mmcore.domains.retail.cautions import ELSEWHERE
from mmcore.domains.retail.shop import Shop
from pages.shared.panels import heading
from pages.shared.plain import plain
from pages.shared.retail import about, catalogues, merchandiser, people, search, shelf, upload, why_not, words

if TYPE_CHECKING:
    from mmcore.domains.retail.model import RetailModel

SHELF, SEARCH, WHY_NOT, MERCHANDISER = "Shelf", "Search", "Why not?", "Merchandiser"
VIEWS = (SHELF, SEARCH, WHY_NOT, MERCHANDISER)
VIEW, LAST = "retail.view", "retail.last_view"


def show(model: RetailModel) -> None:
    """Catalogue, shopper, and one of the four views."""
    st.title("What would they buy next?", anchor=False)
    found = catalogues.sources()
    asked = st.query_params.get("catalogue", "")
    left, right = st.columns([1, 1.6], gap="medium", vertical_alignment="bottom")
    with left:
        source = catalogues.choose(found)
    with right:
        st.caption(" ".join(part for part in (source.note, source.licence) if part))
    if asked and asked not in found:
        st.warning(f"There is no catalogue “{plain(asked)}” here. Showing {plain(source.title)} instead.", icon=":material/warning:")
    if source.key == catalogues.OWN:
        with st.expander("Your catalogue and orders", icon=":material/upload_file:", expanded="retail.own" not in st.session_state):
            upload.show()
            catalogues.keep()
        if "retail.own" not in st.session_state:
            return
    elif source.key == catalogues.WEEK:
        catalogues.keep()
    above = st.container()
    shop = catalogues.open_shop(model, source)
    if source.key == catalogues.OWN:
        with above:
            upload.remarks(shop)
    if shop is not None:
        _views(model, shop, source)


def _views(model: RetailModel, shop: Shop, source: catalogues.Source) -> None:
    if VIEW not in st.session_state:  # back from another page: the view that was left, unless a link brings a shopper
        st.session_state[VIEW] = SHELF if people.named(shop) else st.session_state.get(LAST, SHELF)
    view = st.session_state[LAST] = st.segmented_control("View", VIEWS, key=VIEW, required=True, label_visibility="collapsed")
    if view == MERCHANDISER:
        _caution(shop)
        merchandiser.show(shop)
        _notice(model, source)
        return
    person = people.choose(shop, source)
    with st.container(key="answer", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"# {plain(person.title)}", anchors=False, width="content")
            if person.generated or (source.key == catalogues.SAMPLE and person.key != people.NEW):
                heading.generated()
        st.caption(plain(person.story))
    _caution(shop)
    if view == SHELF:
        shelf.show(shop, person, about.show(shop, person))
    elif view == SEARCH:
        search.show(shop, person)
    else:
        why_not.show(shop, person, about.show(shop, person))
    _notice(model, source)


def _caution(shop: Shop) -> None:
    """That probabilities are another shop's, where they are."""
    if not shop.home:
        st.caption(f":material/info: {ELSEWHERE}")


def _notice(model: RetailModel, source: catalogues.Source) -> None:
    spec = model.spec
    with st.container(key="notice"):
        st.caption(
            f":material/gavel: **{spec.notice}** Evidence grade: {spec.grade}. {spec.licence} {source.licence}",
            help=spec.grade_help or words.PROBABILITY,
        )
        st.caption(f"Model {spec.name}, version `{model.version[:12]}`")
