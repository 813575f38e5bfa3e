from solution import parse_line


def raises(line):
    try:
        parse_line(line)
    except ValueError:
        return True
    return False


def test_doubled_quotes():
    assert parse_line('"a""b""c"') == ['a"b"c']
    assert parse_line('""""') == ['"']


def test_trailing_delimiter():
    assert parse_line("a,b,") == ["a", "b", ""]
    assert parse_line('"a",') == ["a", ""]


def test_empty_line():
    assert parse_line("") == [""]
    assert parse_line("\n") == [""]


def test_quoted_empty_field():
    assert parse_line('a,"",c') == ["a", "", "c"]


def test_line_ends():
    assert parse_line("a,b\n") == ["a", "b"]
    assert parse_line('a,"b"\r\n') == ["a", "b"]


def test_spaces_belong_to_the_field():
    assert parse_line(" a , b") == [" a ", " b"]


def test_other_delimiters():
    assert parse_line('a;"b;c";d,e', delimiter=";") == ["a", "b;c", "d,e"]


def test_unclosed_quote():
    assert raises('a,"b')
    assert raises('"a""')


def test_text_after_a_closing_quote():
    assert raises('"a"b,c')
    assert raises('"a" ,c')
