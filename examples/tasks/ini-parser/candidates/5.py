def parse_ini(text):
    sections = {}
    name = ""
    key = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line == "" or line.startswith(("#", ";")):
            continue
        if key is not None and raw[0] in " \t":
            sections[name][key] = sections[name][key] + "\n" + line
        elif line.startswith("[") and line.endswith("]"):
            name = line[1:-1].strip()
            sections.setdefault(name, {})
            key = None
        else:
            positions = [at for at in (line.find("="), line.find(":")) if at > 0]
            if line.startswith("[") or not positions:
                raise ValueError(f"line {number}: cannot be read: {line}")
            at = min(positions)
            key = line[:at].strip()
            sections.setdefault(name, {})[key] = line[at + 1:].strip()
    return sections
