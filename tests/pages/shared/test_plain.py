from pages.shared.plain import plain


def test_nothing_in_a_text_is_taken_for_markup():
    assert plain("a*b*.jpg") == r"a\*b\*\.jpg"
    assert "](" not in plain("![x](http://x)")
    assert plain("<b>") == r"\<b\>"
