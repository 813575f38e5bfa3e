from solution import parse_line


def test_plain_fields():
    assert parse_line("a,b,c") == ["a", "b", "c"]


def test_a_delimiter_inside_quotes():
    assert parse_line('1,"Doe, Jane",x') == ["1", "Doe, Jane", "x"]


def test_an_empty_field():
    assert parse_line("a,,c") == ["a", "", "c"]


def test_a_quote_inside_quotes():
    assert parse_line('"say ""hi""",b') == ['say "hi"', "b"]
