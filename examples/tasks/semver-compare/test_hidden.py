from solution import compare, satisfies


def invalid(version):
    try:
        compare(version, "1.0.0")
    except ValueError:
        return True
    return False


def test_numbers_not_text():
    assert compare("1.10.0", "1.9.0") == 1


def test_a_release_comes_after_its_pre_release():
    assert compare("1.0.1-rc.1", "1.0.0") == 1
    assert compare("1.0.0", "1.0.0-rc.1") == 1


def test_the_order_of_the_specification():
    chain = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
    ]
    for low, high in zip(chain, chain[1:]):
        assert compare(low, high) == -1
        assert compare(high, low) == 1


def test_build_metadata_is_ignored():
    assert compare("1.0.0+a", "1.0.0+b") == 0
    assert compare("1.0.0-x+1", "1.0.0-x") == 0


def test_caret_below_one():
    assert satisfies("0.2.9", "^0.2.3")
    assert not satisfies("0.3.0", "^0.2.3")
    assert satisfies("0.0.3", "^0.0.3")
    assert not satisfies("0.0.4", "^0.0.3")


def test_caret_has_a_lower_bound():
    assert not satisfies("1.2.2", "^1.2.3")
    assert satisfies("1.2.3", "^1.2.3")


def test_exact():
    assert satisfies("1.2.3", "=1.2.3")
    assert satisfies("1.2.3+b1", "1.2.3")
    assert not satisfies("1.2.4", "1.2.3")


def test_greater_and_less_or_equal():
    assert not satisfies("1.2.0", ">1.2.0")
    assert satisfies("2.0.0", "<=2.0.0")


def test_invalid_versions():
    for version in ["1.2", "v1.0.0", "1.02.0", "1.0.0-", "1.0.0-a..b", "1.0.0-01", "", "1.0.0.0"]:
        assert invalid(version)
