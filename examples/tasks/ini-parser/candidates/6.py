import re

SECTION = re.compile(r"\[(.*)\]$")
ENTRY = re.compile(r"(?P<key>[^=:]+)[=:](?P<value>.*)$")


def parse_ini(text):
    config = {}
    section = ""
    last = None
    for index, raw in enumerate(text.splitlines()):
        line = raw.strip()
        if not line or line[0] in ";#":
            continue
        if last is not None and raw[0].isspace():
            config[section][last] += "\n" + line
            continue
        heading = SECTION.match(line)
        if heading:
            section = heading.group(1).strip()
            config.setdefault(section, {})
            last = None
            continue
        entry = None if line.startswith("[") else ENTRY.match(line)
        if entry is None:
            raise ValueError(f"line {index + 1}: expected [section] or key = value")
        last = entry["key"].strip()
        config.setdefault(section, {})[last] = entry["value"].strip()
    return config
