def parse_line(text, delimiter=","):
    result = []
    buffer = []
    quoted = False
    for ch in text:
        if ch == '"':
            quoted = not quoted
            continue
        if ch == delimiter and not quoted:
            result.append("".join(buffer).strip())
            buffer = []
            continue
        buffer.append(ch)
    result.append("".join(buffer).strip())
    return result
