from solution import parse_ini


def message_of(text):
    try:
        parse_ini(text)
    except ValueError as error:
        return str(error)
    return None


def test_no_section_at_all():
    assert parse_ini("a = 1\nb: 2\n") == {"": {"a": "1", "b": "2"}}


def test_the_first_separator_counts():
    assert parse_ini("[s]\nurl = http://x:1\ntime: 10=ten") == {"s": {"url": "http://x:1", "time": "10=ten"}}


def test_comment_signs_inside_a_value():
    assert parse_ini("[s]\ncolour = #fff ; really") == {"s": {"colour": "#fff ; really"}}


def test_continued_values():
    assert parse_ini("[s]\nlist = one\n  two\n\tthree\nnext = 1") == {"s": {"list": "one\ntwo\nthree", "next": "1"}}


def test_an_empty_section():
    assert parse_ini("[a]\n\n[b]\nx=1") == {"a": {}, "b": {"x": "1"}}


def test_a_repeated_section_goes_on():
    assert parse_ini("[a]\nx=1\n[b]\n[a]\ny=2\nx=3") == {"a": {"x": "3", "y": "2"}, "b": {}}


def test_empty_values():
    assert parse_ini("[a]\nx =\ny:") == {"a": {"x": "", "y": ""}}


def test_an_indented_comment_is_a_comment():
    assert parse_ini("[a]\nx = 1\n  # note\ny = 2") == {"a": {"x": "1", "y": "2"}}


def test_bad_lines_are_named():
    assert "line 3" in (message_of("[a]\nx = 1\nnonsense\n") or "")
    assert "line 1" in (message_of("[open\n") or "")
