def parse_line(line, delimiter=","):
    if line.endswith("\r\n"):
        line = line[:-2]
    elif line.endswith("\n"):
        line = line[:-1]

    fields = []
    position = 0
    while True:
        if line.startswith('"', position):
            field, position = _quoted(line, position + 1)
            if position < len(line) and not line.startswith(delimiter, position):
                raise ValueError(f"text after a closing quote at column {position + 1}")
        else:
            end = line.find(delimiter, position)
            end = len(line) if end < 0 else end
            field, position = line[position:end], end
        fields.append(field)
        if position >= len(line):
            return fields
        position += len(delimiter)


def _quoted(line, position):
    parts = []
    while True:
        end = line.find('"', position)
        if end < 0:
            raise ValueError("a quote is never closed")
        parts.append(line[position:end])
        if not line.startswith('""', end):
            return "".join(parts), end + 1
        parts.append('"')
        position = end + 2
