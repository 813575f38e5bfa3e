def wrap(text, width):
    result = []
    current = ""
    for token in text.split():
        if len(current) + len(token) + 1 < width:
            current = (current + " " + token).strip()
            continue
        if current:
            result.append(current)
        current = token
    if current:
        result.append(current)
    return result
