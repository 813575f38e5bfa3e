import type { ModuleRules } from "../files/file-record.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/** What a configuration says, with the folder that each of its paths is relative to. */
export interface Rules {
  readonly base?: string;
  readonly paths?: { readonly folder: string; readonly patterns: NonNullable<ModuleRules["paths"]> };
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
  const mapped = rules.paths === undefined ? [] : byPatterns(specifier, rules.paths);
  const based = rules.base === undefined ? undefined : joinWithin(rules.base, specifier);
  return based === undefined ? mapped : [...mapped, based];
}

function rulesFor(from: string, map: ProjectMap): Rules | undefined {
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    for (const name of ["tsconfig.json", "jsconfig.json"]) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (map.moduleRules.has(path)) return withExtended(path, map);
    }
    if (folder === "") return undefined;
  }
}

function withExtended(path: string, map: ProjectMap): Rules {
  const done = map.combinedRules.get(path);
  if (done !== undefined) return done;
  // One that is built on itself adds nothing.
  map.combinedRules.set(path, {});
  const made = combined(path, map);
  map.combinedRules.set(path, made);
  return made;
}

function combined(path: string, map: ProjectMap): Rules {
  const rules = map.moduleRules.get(path);
  const folder = folderOf(path);
  if (rules === undefined) return {};
  let inherited: Rules = {};
  for (const extended of rules.extends ?? []) {
    const target = joinWithin(folder, extended);
    const found = [target, `${target}.json`].find((each) => each !== undefined && map.moduleRules.has(each));
    if (found !== undefined) inherited = { ...inherited, ...withExtended(found, map) };
  }
  const base = rules.baseUrl === undefined ? undefined : joinWithin(folder, rules.baseUrl);
  const { paths, rootDirs } = rules;
  const roots = rootDirs?.flatMap((root) => joinWithin(folder, root) ?? []);
  return {
    ...inherited,
    ...(base === undefined ? {} : { base }),
    ...(paths === undefined ? {} : { paths: { folder: base ?? inherited.base ?? folder, patterns: paths } }),
    ...(roots === undefined ? {} : { roots: [...roots].sort((one, other) => other.length - one.length) }),
  };
}

/** TypeScript takes the pattern with the longest text before its star. */
function byPatterns(specifier: string, { folder, patterns }: NonNullable<Rules["paths"]>): readonly string[] {
  let best:
    | { readonly prefix: number; readonly star: string; readonly targets: readonly string[] }
    | undefined;
  for (const [pattern, targets] of Object.entries(patterns)) {
    const [before = "", after] = pattern.split("*", 2);
    const exact = after === undefined;
    const fits = exact
      ? specifier === pattern
      : specifier.length >= before.length + after.length &&
        specifier.startsWith(before) &&
        specifier.endsWith(after);
    const prefix = exact ? Number.POSITIVE_INFINITY : before.length;
    if (!fits || (best !== undefined && best.prefix >= prefix)) continue;
    best = {
      prefix,
      star: exact ? "" : specifier.slice(before.length, specifier.length - after.length),
      targets,
    };
  }
  if (best === undefined) return [];
  const { star, targets } = best;
  return targets.flatMap(
    (target) =>
      joinWithin(
        folder,
        target.replace("*", () => star),
      ) ?? [],
  );
}

/** The folders of `rootDirs` count as one. */
function acrossRoots(from: string, specifier: string, roots: readonly string[]): readonly string[] {
  const own = roots.find((root) => root === "" || from.startsWith(`${root}/`));
  if (own === undefined) return [];
  const within = joinWithin(folderOf(own === "" ? from : from.slice(own.length + 1)), specifier);
  return within === undefined ? [] : roots.flatMap((root) => joinWithin(root, within) ?? []);
}
