import { type PathPatterns, pathPatterns } from "./path-patterns.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/** Folders of `rootDirs`; more are made by a machine, and each is looked into for each relative import. */
const MOST_ROOTS = 64;
/** Configurations that one names in `extends`; more are made by a machine. */
const MOST_EXTENDED = 64;

/** What a configuration says, with the folder that each of its paths is relative to. */
export interface Rules {
  readonly base?: string;
  readonly paths?: { readonly folder: string; readonly patterns: PathPatterns };
  readonly roots?: readonly string[];
}

/** Where a specifier may lead by the nearest `tsconfig.json`, without extensions: `paths`, `baseUrl` and `rootDirs`. */
export function mappedByRules(
  from: string,
  specifier: string,
  isRelative: boolean,
  map: ProjectMap,
): readonly string[] {
  const rules = rulesFor(from, map);
  if (rules === undefined) return [];
  if (isRelative) return acrossRoots(from, specifier, rules.roots ?? []);
  const { paths } = rules;
  const targets = paths?.patterns.targetsOf(specifier) ?? [];
  const mapped = targets.flatMap((target) => joinWithin(paths?.folder ?? "", target) ?? []);
  const based = rules.base === undefined ? undefined : joinWithin(rules.base, specifier);
  return based === undefined ? mapped : [...mapped, based];
}

/** The rules of the nearest configuration. Each folder is asked once, however many files are below it and however deep they are. */
function rulesFor(from: string, map: ProjectMap): Rules | undefined {
  const passed: string[] = [];
  let path: string | undefined;
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    if (map.nearestRules.has(folder)) {
      path = map.nearestRules.get(folder);
      break;
    }
    passed.push(folder);
    path = ["tsconfig.json", "jsconfig.json"]
      .map((name) => (folder === "" ? name : `${folder}/${name}`))
      .find((each) => map.moduleRules.has(each));
    if (path !== undefined || folder === "") break;
  }
  for (const folder of passed) map.nearestRules.set(folder, path);
  return path === undefined ? undefined : withExtended(path, map);
}

/**
 * A configuration with those that it is built on, each of which is combined once. They are followed in a loop and not by recursion: a chain
 * may be as long as there are files. One that is built on itself adds nothing.
 */
function withExtended(path: string, map: ProjectMap): Rules {
  const done = map.combinedRules;
  const pending = [path];
  const entered = new Set<string>();
  for (let at = pending.at(-1); at !== undefined; at = pending.at(-1)) {
    const bases = done.has(at) || entered.has(at) ? [] : basesOf(at, map);
    const missing = bases.filter((base) => !done.has(base) && !entered.has(base));
    entered.add(at);
    if (missing.length > 0) {
      // The first is on top: it is done before the others, which may be built on it.
      for (const base of missing.reverse()) pending.push(base);
      continue;
    }
    pending.pop();
    if (!done.has(at)) done.set(at, combined(at, map));
  }
  return done.get(path) ?? {};
}

/** The configurations that one is built on, as it names them. */
function basesOf(path: string, map: ProjectMap): readonly string[] {
  return (map.moduleRules.get(path)?.extends ?? []).slice(0, MOST_EXTENDED).flatMap((extended) => {
    const target = joinWithin(folderOf(path), extended);
    return [target, `${target}.json`].find((each) => each !== undefined && map.moduleRules.has(each)) ?? [];
  });
}

function combined(path: string, map: ProjectMap): Rules {
  const rules = map.moduleRules.get(path);
  const folder = folderOf(path);
  if (rules === undefined) return {};
  let inherited: Rules = {};
  for (const base of basesOf(path, map)) inherited = { ...inherited, ...map.combinedRules.get(base) };
  const base = rules.baseUrl === undefined ? undefined : joinWithin(folder, rules.baseUrl);
  const { paths, rootDirs } = rules;
  const roots = rootDirs?.slice(0, MOST_ROOTS).flatMap((root) => joinWithin(folder, root) ?? []);
  return {
    ...inherited,
    ...(base === undefined ? {} : { base }),
    ...(paths === undefined
      ? {}
      : { paths: { folder: base ?? inherited.base ?? folder, patterns: pathPatterns(paths) } }),
    ...(roots === undefined ? {} : { roots: [...roots].sort((one, other) => other.length - one.length) }),
  };
}

/** The folders of `rootDirs` count as one. */
function acrossRoots(from: string, specifier: string, roots: readonly string[]): readonly string[] {
  const own = roots.find((root) => root === "" || from.startsWith(`${root}/`));
  if (own === undefined) return [];
  const within = joinWithin(folderOf(own === "" ? from : from.slice(own.length + 1)), specifier);
  return within === undefined ? [] : roots.flatMap((root) => joinWithin(root, within) ?? []);
}
