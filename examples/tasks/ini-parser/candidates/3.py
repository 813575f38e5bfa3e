import re

PAIR = re.compile(r"([^=:]+)[=:](.*)$")


def parse_ini(text):
    result = {}
    section = ""
    key = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if raw[0].isspace() and key is not None:
            result[section][key] += "\n" + line
            continue
        if line.startswith("["):
            if not line.endswith("]"):
                raise ValueError(f"line {number}: the section is not closed")
            section = line[1:-1].strip()
            result.setdefault(section, {})
            key = None
            continue
        match = PAIR.match(line)
        if match is None:
            raise ValueError(f"line {number}: expected a section or key = value")
        key = match.group(1).strip()
        result.setdefault(section, {})[key] = match.group(2).strip()
    return result
