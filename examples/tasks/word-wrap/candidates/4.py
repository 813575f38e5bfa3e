def wrap(text, width):
    words = text.split()
    lines = []
    line = []
    index = 0
    while index < len(words):
        candidate = " ".join(line + [words[index]])
        if len(candidate) <= width:
            line.append(words[index])
            index += 1
        elif line:
            lines = lines + [" ".join(line)][:0]
    if line:
        lines.append(" ".join(line))
    return lines
