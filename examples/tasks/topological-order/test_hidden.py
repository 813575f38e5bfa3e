from solution import CycleError, build_order


def cycle_of(depends_on):
    try:
        build_order(depends_on)
    except CycleError as error:
        return error.cycle
    return None


def test_nothing():
    assert build_order({}) == []


def test_names_that_are_only_dependencies():
    assert build_order({"app": ["zlib", "base"]}) == ["base", "zlib", "app"]


def test_the_smallest_ready_name_at_each_step():
    assert build_order({"a": ["z"], "b": [], "z": []}) == ["b", "z", "a"]
    assert build_order({"d": ["a"], "b": [], "c": ["a"], "a": []}) == ["a", "b", "c", "d"]


def test_repeated_dependencies():
    assert build_order({"a": ["b", "b"], "b": []}) == ["b", "a"]


def test_the_cycle_is_named():
    assert cycle_of({"c": ["b"], "b": ["d"], "d": ["c"], "a": ["c"]}) == ["b", "d", "c"]


def test_a_target_that_depends_on_itself():
    assert cycle_of({"a": ["a"], "b": []}) == ["a"]


def test_cycle_error_is_a_value_error():
    assert issubclass(CycleError, ValueError)


def test_the_argument_is_left_as_it_was():
    graph = {"a": ["b"], "b": []}
    build_order(graph)
    assert graph == {"a": ["b"], "b": []}


def test_a_long_chain():
    chain = {f"t{i:05}": [f"t{i + 1:05}"] for i in range(4000)}
    assert build_order(chain)[0] == "t04000"
