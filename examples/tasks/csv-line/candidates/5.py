def parse_line(line, delimiter=","):
    if line.endswith("\r\n"):
        line = line[:-2]
    elif line.endswith("\n"):
        line = line[:-1]

    result = []
    index = 0
    while True:
        if line.startswith('"', index):
            field, index = _read_quoted(line, index + 1)
            if index < len(line) and not line.startswith(delimiter, index):
                raise ValueError(f"text after a closing quote at column {index + 1}")
        else:
            stop = line.find(delimiter, index)
            stop = len(line) if stop < 0 else stop
            field, index = line[index:stop], stop
        result.append(field)
        if index >= len(line):
            return result
        index += len(delimiter)


def _read_quoted(line, index):
    pieces = []
    while True:
        stop = line.find('"', index)
        if stop < 0:
            raise ValueError("unterminated quote")
        pieces.append(line[index:stop])
        if not line.startswith('""', stop):
            return "".join(pieces), stop + 1
        pieces.append('"')
        index = stop + 2
