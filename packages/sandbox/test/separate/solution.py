import copy
import random

import random_values


def shape_of(value):
    return random_values.shape(value)


def copied(value):
    return copy.deepcopy(value)


def same(value):
    return value


def mutate(value, seed):
    return random_values.mutate(value, random.Random(seed))
