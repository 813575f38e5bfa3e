import re

ENTRY = re.compile(r"([^=:]+)[=:](.*)$")


def parse_ini(text):
    sections = {}
    current = ""
    name = None
    for index, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if raw[0].isspace() and name is not None:
            sections[current][name] += "\n" + line
            continue
        if line.startswith("["):
            if not line.endswith("]"):
                raise ValueError(f"line {index}: missing ]")
            current = line[1:-1].strip()
            sections.setdefault(current, {})
            name = None
            continue
        entry = ENTRY.match(line)
        if entry is None:
            raise ValueError(f"line {index}: expected a current or name = value")
        name = entry.group(1).strip()
        sections.setdefault(current, {})[name] = entry.group(2).strip()
    return sections
