from solution import wrap


def test_breaks_between_words():
    assert wrap("the quick brown fox", 10) == ["the quick", "brown fox"]


def test_short_text_is_one_line():
    assert wrap("hello", 10) == ["hello"]


def test_no_words():
    assert wrap("", 10) == []


def test_a_line_may_be_exactly_full():
    assert wrap("aaaa bbbbb cc", 10) == ["aaaa bbbbb", "cc"]
