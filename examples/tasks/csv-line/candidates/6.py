def parse_line(line, delimiter=","):
    line = line.rstrip("\r\n")
    fields = []
    position = 0
    while position <= len(line)
        if line[position:position + 1] == '"':
            end = line.index('"', position + 1)
            fields.append(line[position + 1:end])
            position = end + 2
        else:
            end = line.find(delimiter, position)
            if end < 0:
                end = len(line)
            fields.append(line[position:end])
            position = end + 1
    return fields
