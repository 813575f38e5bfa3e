import re


def parse_ini(text):
    result = {}
    section = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line.startswith("["):
            if not line.endswith("]"):
                raise ValueError(f"line {number}: section is not closed")
            section = line[1:-1].strip()
            result.setdefault(section, {})
            continue
        match = re.match(r"([^=:]+)[=:](.*)$", line)
        if not match:
            raise ValueError(f"line {number}: expected key = value")
        result.setdefault(section, {})[match.group(1).strip()] = match.group(2).strip()
    return result
