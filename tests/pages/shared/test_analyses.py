"""An analysis that takes long shows its stage, can be cancelled, and leaves nothing behind for others."""

from streamlit.testing.v1 import AppTest

from pages.shared import analyses
from tests.pages.conftest import words

SLOW = """
import threading
import streamlit as st
from mmcore.case import Case, Input, Record
from pages.shared import analyses

class Slow:
    version = "v"
    def open(self, case, progress):
        progress("encode", 0.2)
        st_free.wait(20)
        progress("explain", 0.6)
        return "the analysis"

st_free = st.session_state["free"]
st.session_state["found"] = analyses.of(Slow(), Case({"record": Input(Record({"age": 61.0}))}), shared=SHARED)
"""


def start(monkeypatch, shared: bool = False, grace: float = 0.05) -> tuple[AppTest, object]:
    import threading

    monkeypatch.setattr(analyses, "GRACE_S", grace)
    app = AppTest.from_string(SLOW.replace("SHARED", str(shared)), default_timeout=30)
    app.session_state["free"] = free = threading.Event()
    return app, free


def job(app: AppTest):
    return next(iter(app.session_state["analysis_jobs"].values()))


def test_long_work_shows_its_stage_and_gives_its_outcome_in_the_end(monkeypatch):
    app, free = start(monkeypatch)
    app.run()
    assert not app.exception and app.session_state["found"] is None
    assert "picture and record become evidence" in app.progress[0].text
    free.set()
    assert job(app).wait(10)
    app.run()
    assert app.session_state["found"] == "the analysis" and not app.progress


def test_long_work_can_be_cancelled_and_begun_again(monkeypatch):
    app, free = start(monkeypatch)
    app.run()
    app.button(key="cancel_analysis").click().run()
    free.set()
    assert job(app).wait(10) and job(app).cancelled
    app.run()
    assert "Cancelled" in words(app) and app.session_state["found"] is None
    monkeypatch.setattr(analyses, "GRACE_S", 10)
    app.button(key="analyse_again").click().run()
    assert app.session_state["found"] == "the analysis"


def test_only_a_bundled_samples_analysis_is_shared_with_other_visitors(monkeypatch):
    analyses.shared_store().clear()
    for shared in (False, True):
        app, free = start(monkeypatch, shared, grace=10)
        free.set()
        app.run()
        assert app.session_state["found"] == "the analysis"
        assert len(analyses.shared_store()) == int(shared)
    analyses.shared_store().clear()
