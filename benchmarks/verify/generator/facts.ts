/**
 * Python: what holds of all seeds, which is asked of every generated input. It stands in for the preconditions that
 * problems state in words. A place is where a value stands: an argument, or the elements, keys or values of what stands
 * at a place.
 */
export const FACTS: string = `import ast
import copy
import json
import math
import random
import sys

EVIDENCE = 3
PAIRS = ("()", "[]", "{}", "<>")
SIZED = (str, list, tuple)


def members(value, place):
    if isinstance(value, (list, tuple)):
        return [(place + "[]", one) for one in value]
    if isinstance(value, set):
        return [(place + "[]", one) for one in sorted(value, key=repr)]
    if isinstance(value, dict):
        return [(place + "{k}", one) for one in value] + [(place + "{v}", one) for one in value.values()]
    return []


def observe(value, place, seen):
    seen.setdefault((place, type(value)), []).append(value)
    for where, one in members(value, place):
        observe(one, where, seen)


def balanced(text, pair):
    depth = 0
    for character in text:
        depth += (character == pair[0]) - (character == pair[1])
        if depth < 0:
            return False
    return depth == 0


def distinct(value):
    return len({repr(one) for one in value}) == len(value)


def ascending(value):
    try:
        return all(one <= other for one, other in zip(value, value[1:]))
    except TypeError:
        return False


def rectangular(value):
    return all(isinstance(one, SIZED) and len(one) == len(value[0]) for one in value)


def one_signed(value):
    numbers = [one for one in value if isinstance(one, (int, float))]
    return not (any(one < 0 for one in numbers) and any(one > 0 for one in numbers))


def always(fact, values):
    telling = {repr(value): value for value in values if len(value) > 1}.values()
    return len(telling) >= EVIDENCE and all(fact(value) for value in telling)


def facts_of(kind, values):
    """A list of predicates, each of which holds of all these values."""
    facts = []
    if kind in (int, float):
        low, high = min(values), max(values)
        if low > 0:
            facts.append(lambda value: 0 < value <= high)
        elif high < 0:
            facts.append(lambda value: low <= value < 0)
        else:
            facts.append(lambda value: low <= value <= high)
    if kind in (str, list, tuple, dict, set):
        sizes = [len(value) for value in values]
        least, most = (0 if 0 in sizes else 1), max(sizes)
        if kind in SIZED and len({repr(value) for value in values}) >= EVIDENCE and len(set(sizes)) == 1:
            least = most
        facts.append(lambda value: least <= len(value) <= most)
    if kind is str:
        alphabet = set("".join(values))
        facts.append(lambda value: alphabet.issuperset(value))
        for pair in PAIRS:
            if alphabet & set(pair) and all(balanced(value, pair) for value in values):
                facts.append(lambda value, pair=pair: balanced(value, pair))
                if all(balanced(word, pair) for value in values for word in value.split()):
                    facts.append(lambda value, pair=pair: all(balanced(word, pair) for word in value.split()))
    if kind in (list, tuple):
        for fact in (distinct, ascending, rectangular, one_signed):
            if always(fact, values):
                facts.append(lambda value, fact=fact: len(value) < 2 or fact(value))
    return facts


def relations_of(seeds):
    """Predicates between arguments, each of which holds of all seeds."""
    relations = []
    if len(seeds) < EVIDENCE:
        return relations
    width = range(len(seeds[0]))
    for i in width:
        for j in width:
            if i < j and all(isinstance(seed[i], SIZED) and isinstance(seed[j], SIZED) for seed in seeds):
                differences = {len(seed[i]) - len(seed[j]) for seed in seeds}
                if len(differences) == 1:
                    (difference,) = differences
                    relations.append(
                        lambda args, i=i, j=j, difference=difference: len(args[i]) - len(args[j]) == difference
                    )
            if all(type(seed[i]) is int and isinstance(seed[j], SIZED) for seed in seeds):
                if all(0 <= seed[i] <= len(seed[j]) for seed in seeds):
                    relations.append(lambda args, i=i, j=j: 0 <= args[i] <= len(args[j]))
    return relations


class Facts:
    def __init__(self, seeds):
        self.seen = {}
        for seed in seeds:
            for index, value in enumerate(seed):
                observe(value, str(index), self.seen)
        self.facts = {key: facts_of(key[1], values) for key, values in self.seen.items()}
        self.relations = relations_of(seeds)

    def hold_of(self, value, place):
        facts = self.facts.get((place, type(value)))
        if facts is None or not all(fact(value) for fact in facts):
            return False
        return all(self.hold_of(one, where) for where, one in members(value, place))

    def hold(self, args):
        return all(self.hold_of(value, str(index)) for index, value in enumerate(args)) and all(
            relation(args) for relation in self.relations
        )
`;
