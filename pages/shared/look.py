"""The app's name, icon and width, and the few touches that Streamlit's theme settings cannot make."""

from __future__ import annotations

import streamlit as st
from PIL import Image, ImageDraw

NAME = "Triptych"
PANELS = ((2, 12, "#2f7ed8"), (25, 4, "#0e7c86"), (48, 12, "#d98200"))  # left, top, colour

# Text of a chosen button on its tinted ground: contrast 4.5 and more, by theme.
CHOSEN = {"light": "#0b5c65", "dark": "#7fd3db"}

CSS = """
.stMainBlockContainer {padding: 4.1rem 2rem 2rem; max-width: 110rem}
@media (max-width: 640px) {.stMainBlockContainer {padding: 4.4rem 1rem 2rem}}
.st-key-cards button {justify-content: flex-start; text-align: left; padding: .3rem .4rem; height: 100%; min-height: 3.4rem}
.st-key-card_chosen button {outline: 2px solid #0e7c86; outline-offset: -1px; background: rgba(14, 124, 134, .13)}
.st-key-cards button p {display: flex; align-items: center; gap: .45rem; font-size: .8rem; line-height: 1.15}
.st-key-cards button img {height: 2.6rem; width: 2.6rem; max-height: none; flex: none; object-fit: cover; border-radius: .35rem; margin: 0}
.st-key-cards button [role="img"] {font-size: 1.6rem; width: 2.6rem; flex: none; text-align: center}
.stMainBlockContainer h1 {font-size: 1.9rem; padding: .2rem 0}
.stMainBlockContainer h2 {font-size: 1.2rem; padding: .2rem 0}
.stMainBlockContainer h3 {font-size: 1.05rem; padding: .2rem 0}
[class*="st-key-acts_"] button {min-height: 1.6rem; padding: 0}
[class*="st-key-acts_"] button p {font-size: .8rem}
[class*="st-key-acts_"] button em {position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)}
.st-key-answer h1 {font-size: 1.15rem}
.st-key-what_if button {justify-content: flex-start; text-align: left; min-height: 1.7rem; padding: 0}
.st-key-big p {font-size: 1.4rem; font-weight: 600; line-height: 1.3}
[class*="st-key-start_"] a p {white-space: normal; overflow: visible; line-height: 1.25}
.st-key-answer .stCaptionContainer p {line-height: 1.35}
.stMarkdown table {display: block; overflow-x: auto; max-width: 100%}
.st-key-model_card table {font-size: .85rem}
.st-key-model_card td:not(:first-child) {white-space: nowrap}
.stMarkdown code {overflow-wrap: anywhere}
.st-key-video-sample [role="radiogroup"] {flex-wrap: wrap}
.st-key-player video, .st-key-player_other video {max-height: 26rem; background: #000}
.stNumberInput, [class*="st-key-record_"] {container-type: inline-size}
@container (max-width: 18rem) {.stHorizontalBlock {flex-wrap: wrap} .stHorizontalBlock > .stVerticalBlock {min-width: 7rem}}
@container (max-width: 9rem) {[data-testid="stNumberInputStepDown"], [data-testid="stNumberInputStepUp"] {display: none}}
.stAlert p {line-height: 1.4}
.st-key-notice p {font-size: .78rem; line-height: 1.35}
"""


def configure() -> None:
    """First of all on every run. The icon is drawn here: a named one would be fetched from another server."""
    st.set_page_config(page_title=NAME, page_icon=icon(), layout="wide")


def icon() -> Image.Image:
    """Three panels, 64 x 64 pixels."""
    image = Image.new("RGBA", (64, 64))
    draw = ImageDraw.Draw(image)
    for left, top, colour in PANELS:
        draw.rounded_rectangle((left, top, left + 14, 63 - top), 3, fill=colour)
    return image


def apply() -> None:
    """Once a run, from app.py: rules for keys of our own and for headings; without them the page still works."""
    chosen = CHOSEN.get(st.context.theme.type or "", "inherit")
    st.html(f"<style>{CSS}.stButtonGroup button[aria-checked='true'] p {{color: {chosen}}}</style>")
