from solution import delays


def test_doubles():
    assert delays(4, 0.5) == [0.5, 1.0, 2.0]


def test_one_attempt_never_waits():
    assert delays(1, 0.5) == []


def test_cap():
    assert delays(5, 1, cap=3) == [1, 2, 3, 3]
