from solution import delays


def refuses(*args, **options):
    try:
        delays(*args, **options)
    except ValueError:
        return True
    return False


def source(*values):
    values = iter(values)
    return lambda: next(values)


def test_factor():
    assert delays(4, 1, factor=3) == [1, 3, 9]
    assert delays(3, 2, factor=1) == [2, 2]


def test_jitter_shortens_each_wait():
    assert delays(3, 10, jitter=0.5, random=source(0.0, 0.5)) == [10, 15]


def test_the_cap_holds_before_jitter():
    assert delays(3, 10, cap=10, jitter=1, random=source(0.5, 0.5)) == [5, 5]


def test_one_random_number_for_each_wait():
    calls = []
    delays(4, 1, jitter=0.1, random=lambda: calls.append(1) or 0.0)
    assert len(calls) == 3


def test_a_cap_of_zero():
    assert delays(3, 1, cap=0) == [0, 0]


def test_many_attempts_do_not_overflow():
    waits = delays(5000, 1, cap=60)
    assert len(waits) == 4999
    assert waits[-1] == 60


def test_many_attempts_with_a_fractional_factor():
    assert delays(5000, 0.1, factor=1.5, cap=30)[-1] == 30


def test_bad_arguments():
    assert refuses(0, 1)
    assert refuses(3, -1)
    assert refuses(3, 1, factor=0.5)
    assert refuses(3, 1, cap=-1)
    assert refuses(3, 1, jitter=1.5, random=lambda: 0.0)
    assert refuses(3, 1, jitter=-0.1, random=lambda: 0.0)
    assert refuses(3, 1, jitter=0.5)
