/** Python: further inputs made of seeds by changes that keep the types. */
export const MUTATION: string = `

class Mutator:
    """Changes one value by its type, as EvalPlus does."""

    def __init__(self, seen, choices):
        self.seen = seen
        self.choices = choices
        self.pool = {}
        for (place, kind), values in seen.items():
            if kind in (int, float, str):
                for value in values:
                    self.pool.setdefault(kind, []).append(value)
                    if kind is str:
                        self.pool[kind].extend(value.split())
        self.characters = sorted(set("".join(self.pool.get(str, []))))

    def args(self, args):
        changed = list(copy.deepcopy(args))
        for _ in range(self.choices.choice((1, 1, 2, 3))):
            if changed:
                index = self.choices.randrange(len(changed))
                changed[index] = self.value(changed[index], str(index))
        return tuple(changed)

    def value(self, value, place):
        kind = type(value)
        if kind is bool:
            return not value
        if kind in (int, float):
            return self.number(value, kind)
        if kind is str:
            return self.text(value)
        if kind in (list, tuple):
            return kind(self.sequence(list(value), place))
        if kind is set:
            return self.members(value, place)
        if kind is dict:
            return self.entries(value, place)
        return value

    def number(self, value, kind):
        return self.choices.choice(
            (
                lambda: value + 1,
                lambda: value - 1,
                lambda: kind(self.choices.randint(0, 10)),
                lambda: -value,
                lambda: self.choices.choice(self.pool[kind]),
            )
        )()

    def text(self, value):
        draw = self.choices.randrange(5)
        if draw == 0:
            return self.choices.choice(self.pool[str])
        if draw == 1 and self.characters and value:
            index = self.choices.randrange(len(value))
            return value[:index] + self.choices.choice(self.characters) + value[index + 1 :]
        if draw == 2 and " " in value:
            return " ".join(self.rearranged(value.split(" ")))
        return "".join(self.rearranged(list(value)))

    def rearranged(self, items):
        """Drops, duplicates or swaps an element, or cuts the list."""
        if not items:
            return items
        draw = self.choices.randrange(4)
        index = self.choices.randrange(len(items))
        other = self.choices.randrange(len(items))
        if draw == 0:
            return items[:index] + items[index + 1 :]
        if draw == 1:
            return items[:other] + [copy.deepcopy(items[index])] + items[other:]
        if draw == 2:
            items[index], items[other] = items[other], items[index]
            return items
        return items[min(index, other) : max(index, other) + 1]

    def seen_at(self, place):
        return [value for (where, _), values in self.seen.items() if where == place for value in values]

    def sequence(self, items, place):
        draw = self.choices.randrange(5)
        elements = self.seen_at(place + "[]")
        index = self.choices.randrange(len(items) + 1)
        if draw == 0 and elements:
            return items[:index] + [copy.deepcopy(self.choices.choice(elements))] + items[index:]
        if draw == 1 and elements:
            return items[:index] + [copy.deepcopy(self.choices.choice(elements))] + items[index + 1 :]
        if draw in (2, 3) and items:
            index = min(index, len(items) - 1)
            items[index] = self.value(items[index], place + "[]")
            return items
        return self.rearranged(items)

    def members(self, value, place):
        items = sorted(value, key=repr)
        try:
            return set(self.sequence(items, place))
        except TypeError:
            return value

    def entries(self, value, place):
        entries = list(value.items())
        others = [entry for one in self.seen[(place, dict)] for entry in one.items()]
        draw = self.choices.randrange(4)
        index = self.choices.randrange(len(entries) + 1)
        if draw == 0 and others:
            entries.insert(index, copy.deepcopy(self.choices.choice(others)))
        elif entries:
            index = min(index, len(entries) - 1)
            key, one = entries[index]
            if draw == 1:
                del entries[index]
            elif draw == 2:
                entries[index] = (self.value(key, place + "{k}"), one)
            else:
                entries[index] = (key, self.value(one, place + "{v}"))
        return dict(entries)
`;
