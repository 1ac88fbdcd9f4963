from tests.pages.conftest import settled, words
from tests.pages.test_medical import DOMAIN, upload


def test_what_is_still_shown_is_said_while_another_case_is_asked_for_or_refused(open_page, photo):
    app = open_page("medical")
    assert "Still shown" not in words(app)
    upload(app, ("a.jpg", photo))
    assert "Still shown" not in words(app)
    upload(app, ("holiday.jpg", b"this is text"))
    assert "Still shown: Your case: a.jpg" in words(app)
    settled(app.get_by_key(f"{DOMAIN}.source").set_value("By hand").run())
    assert "Still shown: Your case: a.jpg" in words(app)
