"""Triptych in the browser: settings, warm-up, navigation. Run it with ``streamlit run app.py``."""

from __future__ import annotations

import streamlit as st

from pages.shared import guard, look, navigation, warmup

look.configure()
guard.mark()
page = st.navigation(navigation.pages(), position="top")
look.apply()
warmup.warm()
page.run()
