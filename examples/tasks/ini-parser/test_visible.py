from solution import parse_ini


def test_sections_and_keys():
    assert parse_ini("[server]\nhost = localhost\nport=80\n") == {"server": {"host": "localhost", "port": "80"}}


def test_comments():
    assert parse_ini("# note\n[a]\n; other\nx = 1\n") == {"a": {"x": "1"}}


def test_nothing():
    assert parse_ini("") == {}


def test_keys_before_the_first_section():
    assert parse_ini("a = 1\n[s]\nb = 2") == {"": {"a": "1"}, "s": {"b": "2"}}
