// What the text of tests says of the modules that they use. Read, never run.

const ONE_PROCESS: readonly (readonly [RegExp, string])[] = [
  [/\bmock\s*\.\s*module\s*\(/, "the tests replace modules"],
  [/\bmock\s*\.\s*timers\b/, "the tests replace the timers"],
  [/["'](?:node:)?(?:child_process|worker_threads|cluster)["']/, "the tests start programs or threads"],
  [/\brequire\s*\.\s*cache\b/, "the tests look into the cache of modules"],
];

/** Why tests with that text cannot be kept apart from the candidate; undefined when they can. */
export function dependsOnOneProcess(source: string, modules: readonly string[]): string | undefined {
  const found = ONE_PROCESS.find(([pattern]) => pattern.test(source));
  if (found) return found[1];
  const named = modules.some((module) => source.includes(module.slice(module.lastIndexOf("/") + 1)));
  return named && /\b(?:readFile(?:Sync)?|createReadStream)\b/.test(source)
    ? "the tests read the candidate's text"
    : undefined;
}

/** Every name that the texts import by name, and "default". */
export function importedNames(sources: readonly string[]): readonly string[] {
  const names = new Set(["default"]);
  for (const source of sources) {
    for (const [, list = ""] of source.matchAll(/\b(?:import|export)\b[^;'"{]*\{([^}]*)\}\s*from\b/g)) {
      for (const item of list.split(",")) {
        const name = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(item)?.[1];
        if (name) names.add(name);
      }
    }
  }
  return [...names];
}

/** The relative specifiers that a text mentions. */
export function specifiersIn(source: string): readonly string[] {
  return [...source.matchAll(/["'`](\.{1,2}(?:\/[^"'`\n]*)?)["'`]/g)].map(([, specifier = ""]) => specifier);
}

/** The identifiers of a script, but for those in its texts and comments. */
export function namesIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, " ");
  const words = code.match(/(?<![\p{ID_Continue}$.]|\.\s)[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
  return [...new Set(words)].filter((word) => !KEYWORDS.has(word));
}

const KEYWORDS: ReadonlySet<string> = new Set(
  `arguments async await break case catch class const continue debugger default delete do else enum eval exports export
  extends false finally for function if implements import in instanceof interface let module new null of package private
  protected public require return static super switch this throw true try typeof undefined var void while with yield
  __dirname __filename`.split(/\s+/),
);
