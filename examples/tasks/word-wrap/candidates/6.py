def wrap(text, width):
    if width < 1:
        raise ValueError("width must be positive")
    result = []
    line = ""
    for token in text.split():
        if line and len(line) + 1 + len(token) <= width:
            line += " " + token
            continue
        if line:
            result.append(line)
        while len(token) > width:
            result.append(token[:width])
            token = token[width:]
        line = token
    if line:
        result.append(line)
    return result
