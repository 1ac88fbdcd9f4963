"""The models page: what each was trained on, how good it is, and how that was measured."""

import streamlit as st

from pages.shared import guard, model_folder, model_page

TITLE = "Models"
ICON = ":material/model_training:"
ORDER = 90
SUMMARY = "Every model's card: data, licence, figures with intervals, known failures."

guard.require_app()
st.title("Models", anchor=False)
shown = st.container()
model_folder.show()  # below, but first of all: what is added here is among the models at once
with shown:
    name = model_page.choose()
    if name is not None:
        model_page.show(name)
