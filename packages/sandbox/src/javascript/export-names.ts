const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * The names that an ES module may import from a CommonJS file, read off its text as Node does: assignments to
 * properties of `exports`, and the leading plain entries of `module.exports = { … }`.
 */
export function exportNamesOf(source: string): readonly string[] {
  const names = new Set<string>();
  const patterns = [
    /\bexports\.([A-Za-z_$][\w$]*)\s*=(?!=)/g,
    /\bexports\[\s*['"]([^'"]+)['"]\s*\]\s*=(?!=)/g,
    /\bObject\.defineProperty\(\s*(?:module\.)?exports\s*,\s*['"]([^'"]+)['"]/g,
  ];
  for (const pattern of patterns) {
    for (const match of source.matchAll(pattern)) names.add(match[1] ?? "");
  }
  for (const match of source.matchAll(/\bmodule\.exports\s*=\s*\{([^}]*)/g))
    addEntries(match[1] ?? "", names);
  names.delete("default");
  return [...names].filter((name) => IDENTIFIER.test(name));
}

function addEntries(literal: string, names: Set<string>): void {
  for (const entry of literal.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "").split(",")) {
    const match = /^\s*(?:(['"])([^'"]+)\1|([A-Za-z_$][\w$]*))\s*(:|$)/.exec(entry);
    if (!match) return;
    names.add(match[2] ?? match[3] ?? "");
    // A value ends what can be read without parsing expressions.
    if (match[4] === ":") return;
  }
}

/** The text of an ES module that stands for something else: a built-in, or a CommonJS or JSON file. */
export function standInModule(id: string, names: readonly string[], valueFunction: string): string {
  const lines = [`const value = globalThis.${valueFunction}(${JSON.stringify(id)}); export default value;`];
  names
    .filter((name) => IDENTIFIER.test(name) && name !== "default")
    .forEach((name, index) => {
      lines.push(
        `const name${index} = Object(value)[${JSON.stringify(name)}]; export { name${index} as ${name} };`,
      );
    });
  return lines.join("\n");
}
