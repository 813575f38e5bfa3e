// The judge's half of a separated verdict in Node: puts stand-ins in the place of the candidate's modules, and lets the
// candidate's event loop run while something is waited for.
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { Judge } from "../../src/javascript/remote/judge.ts";
import { importedNames, specifiersIn } from "../../src/javascript/remote/test-text.ts";
import { receive, send } from "./link.mjs";

export { warmUp } from "../../src/javascript/remote/warm-up.ts";

const { setImmediate } = globalThis;
const leave = process.reallyExit.bind(process);
const EXTENSIONS = ["", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json"];
const ENDINGS = [...EXTENSIONS, ...EXTENSIONS.slice(1).map((extension) => `/index${extension}`)];

/** Makes the candidate's modules importable from the test file at `path`. `tellUnseparable` says why that cannot be. */
export function startJudge(half, path, style, tellUnseparable) {
  const root = process.cwd();
  const judge = new Judge({
    send,
    receive,
    unseparable(reason) {
      tellUnseparable(reason);
      leave(0);
    },
    schedule: () => setImmediate(() => judge.turn()),
    uncaught(error) {
      setImmediate(() => {
        throw error;
      });
    },
  });
  process.on("exit", (code) => {
    judge.leave();
    // Nothing is left to do, and Node's way out takes longer.
    if (process.listenerCount("exit") === 1) leave(code);
  });
  const { sources, imported } = textsOf(root, path, half.modules);
  judge.check(sources, half.modules);
  const wanted = importedNames(sources);
  for (const module of half.modules) {
    // What no test seems to use is loaded when it is used after all.
    if (imported.has(module)) place(root, module, judge.textOf(module, wanted), half.modules);
    else if (/\.[mc]?[jt]s$/.test(module)) place(root, module, judge.lazyTextOf(module), half.modules);
  }
  if (style === "script") judge.bind(half.entry, sources[0]);
  judge.watch();
}

/** The texts that a test file and the files it imports consist of, and which of the candidate's modules they name. */
function textsOf(root, path, modules) {
  const known = new Set(modules);
  const imported = new Set();
  const seen = new Set([path]);
  const sources = [];
  const queue = [path];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const source = readFileSync(`${root}/${file}`, "utf8");
    sources.push(source);
    for (const specifier of specifiersIn(source)) {
      const base = posix.join(posix.dirname(file), specifier);
      const names = ENDINGS.map((ending) => posix.normalize(base + ending));
      names.push(base.replace(/\.([mc]?)js$/, ".$1ts"));
      const module = names.find((name) => known.has(name));
      if (module !== undefined) imported.add(module);
      const own = names.find((name) => /\.[mc]?[jt]s$/.test(name) && isFile(`${root}/${name}`));
      if (module === undefined && own !== undefined && !seen.has(own)) {
        seen.add(own);
        queue.push(own);
      }
    }
  }
  return { sources, imported };
}

const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** Writes a stand-in under the names that the candidate's own file has: see how src/languages/javascript.ts writes it. */
function place(root, module, text, modules) {
  const [, stem, kind] = /^(.+)\.([mc]?)ts$/.exec(module) ?? [];
  const taken = (name) =>
    existsSync(`${root}/${name}`) || modules.some((other) => other === name || other.startsWith(`${name}/`));
  const renamed = stem !== undefined && !module.endsWith(".d.ts") && !taken(`${stem}.${kind}js`);
  const file = renamed ? `${stem}.${kind}js` : module;
  mkdirSync(posix.dirname(`${root}/${file}`), { recursive: true });
  writeFileSync(`${root}/${file}`, text);
  if (!renamed) return;
  for (const link of kind === "" ? [module, stem] : [module])
    if (link === module || !taken(link)) symlinkSync(posix.basename(file), `${root}/${link}`);
}
