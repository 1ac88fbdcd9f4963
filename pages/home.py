"""The first page: what this is, and one click to each thing it can do."""

import streamlit as st

from pages.shared import discovery, domain_card, guard, models, system

TITLE = "Home"
ICON = ":material/home:"
ORDER = 0
SUMMARY = "What this is, and a first case one click away."

guard.require_app()
st.title("Triptych", anchor=False)
st.markdown(
    "**Several kinds of input, one answer that shows its work.** Triptych reads pictures, records, notes, purchases and films, says how "
    "sure it is in a way that was measured, shows what each input contributed, and says “not sure” when it should."
)
with st.container(horizontal=True, gap="small"):
    system.show()

for page in discovery.find():
    if page.domain and (specs := models.specs(page.domain)):
        domain_card.show(page, specs)

left, middle, right = st.columns(3, gap="medium")
left.markdown("## :material/percent: A confidence that means something")
left.markdown(
    "Probabilities are calibrated on cases the model never saw, and a prediction set names every class that cannot be ruled out; "
    "where that does not hold, as over words that you type for a film, the page says so."
)
middle.markdown("## :material/account_tree: Reasons across every input")
middle.markdown("See where in the photo and which entries of the record speak for a class. Change one, or take an input away, and watch.")
right.markdown("## :material/front_hand: It can say no")
right.markdown("A photo unlike anything seen, or inputs that contradict each other: the answer is “not sure”, with the reason.")
st.caption(
    "For research and demonstration. Not a medical device. Files you give stay in memory on this machine and go when you close the page."
)
