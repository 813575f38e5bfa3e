/** Whether a source does anything when it is loaded, beyond importing and defining: the least that a test script does. */
export function runsSomething(source: string): boolean {
  const code = source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g,
    (match) => (match.startsWith("/") ? " " : '""'),
  );
  return topLevel(code)
    .split(/[;\n]|(?<=\})/)
    .some((part) => isAction(part.trim()));
}

/** The text outside all braces, with the braces themselves. */
function topLevel(code: string): string {
  let depth = 0;
  let top = "";
  for (const character of code) {
    if (character === "}") depth--;
    if (depth <= 0) top += character;
    if (character === "{") depth++;
  }
  return top;
}

const STATEMENT = /^(?:throw|if|for|while|do|try|switch|await)\b/;
const DEFINITION = /^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|class|import)\b/;
/** The end of `const { a } = …` stands alone here, since a closing brace ends a part. */
const DEFINED_VALUE =
  /^(?:(?:const|let|var)\b[^=]*)?=\s*(?:require\s*\(|(?:async\s*)?(?:\([^)]*\)|\w+)\s*=>)/;

function isAction(statement: string): boolean {
  if (STATEMENT.test(statement)) return true;
  return statement.includes("(") && !DEFINITION.test(statement) && !DEFINED_VALUE.test(statement);
}
