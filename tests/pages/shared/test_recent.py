from pages.shared.recent import Recent


def test_what_was_not_used_for_longest_is_forgotten_first():
    held: Recent[int] = Recent(2)
    held.put("a", 1)
    held.put("b", 2)
    held.get("a")
    held.put("c", 3)
    assert (held.get("a"), held.get("b"), held.get("c"), len(held)) == (1, None, 3, 2)


def test_clearing_forgets_everything():
    held: Recent[int] = Recent(2)
    held.put("a", 1)
    held.clear()
    assert held.get("a") is None and len(held) == 0
