from solution import wrap


def test_full_lines_one_after_another():
    assert wrap("abc de fg hij", 6) == ["abc de", "fg hij"]


def test_white_space_becomes_one_space():
    assert wrap("  a \t b\nc  ", 10) == ["a b c"]


def test_a_long_word_is_cut():
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("xy abcdefgh", 4) == ["xy", "abcd", "efgh"]


def test_words_after_a_cut_word():
    assert wrap("abcdef gh", 4) == ["abcd", "ef", "gh"]
    assert wrap("abcdef g", 4) == ["abcd", "ef g"]


def test_paragraphs():
    assert wrap("one two\n\nthree", 20) == ["one two", "", "three"]
    assert wrap("one\n \n\n\ntwo\n\n", 20) == ["one", "", "two"]


def test_white_space_alone():
    assert wrap(" \n\n ", 5) == []


def test_width_one():
    assert wrap("ab c", 1) == ["a", "b", "c"]


def test_a_width_below_one_is_refused():
    for width in (0, -3):
        try:
            wrap("a", width)
        except ValueError:
            continue
        raise AssertionError("expected a ValueError")
