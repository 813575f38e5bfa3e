from solution import CycleError, build_order


def test_dependencies_come_first():
    assert build_order({"app": ["lib"], "lib": ["core"]}) == ["core", "lib", "app"]


def test_alphabetical_among_the_ready():
    assert build_order({"b": [], "a": [], "c": []}) == ["a", "b", "c"]


def test_a_cycle_is_an_error():
    try:
        build_order({"a": ["b"], "b": ["a"]})
    except CycleError as error:
        assert error.cycle == ["a", "b"]
        return
    raise AssertionError("expected an error")
