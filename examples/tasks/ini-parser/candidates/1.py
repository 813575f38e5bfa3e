def parse_ini(text):
    result = {}
    section = None
    for line in text.splitlines():
        line = line.split("#")[0].split(";")[0].strip()
        if not line:
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            result[section] = {}
        elif "=" in line and section is not None:
            key, value = line.split("=", 1)
            result[section][key.strip()] = value.strip()
    return result
