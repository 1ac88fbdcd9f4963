"""The video page: a film in, what is seen, heard, said and written in it on one timeline out; and a command read from sound and lips."""

import streamlit as st

from pages.shared import guard
from pages.shared.video import command_page, film_page, film_source, which

TITLE = "Video"
ICON = ":material/movie:"
ORDER = 30
DOMAIN = "video"
SUMMARY = "A film: what is seen, heard, said and written, on one timeline; and a spoken command read from sound and lips together."

guard.require_app()
row = st.container(horizontal=True, gap="small", vertical_alignment="center")
with row:
    model = which.choose(DOMAIN)
shown = film_source.choose(row) if model.spec.task == "events" else None
if which.message():
    st.warning(which.message(), icon=":material/warning:")
if model.spec.task == "events" and film_source.message():
    st.info(film_source.message(), icon=":material/info:")
if model.spec.task == "slots":
    command_page.show(model)
elif shown is not None:
    film_page.show(model, shown)
else:
    st.title("A film or a sound", anchor=False)
    st.caption("Give a file above, or open a sample.")
