import copy
import random

import solution
from random_values import mutate, shape, value


def test_values_survive():
    for seed in range(400):
        r = random.Random(seed)
        made = value(r, 4, [])
        before = shape(made)
        assert solution.shape_of(made) == before, seed
        assert shape(solution.copied(made)) == before, seed
        assert shape(made) == before, seed
        if isinstance(made, (list, dict, set, bytearray)):
            assert solution.same(made) is made, seed


def test_changes_come_back():
    for seed in range(400):
        made = value(random.Random(seed), 4, [])
        local = copy.deepcopy(made)
        expected = mutate(local, random.Random(seed + 1))
        answer = solution.mutate(made, seed + 1)
        assert shape([made, answer]) == shape([local, expected]), seed
