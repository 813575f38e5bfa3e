import type { ModuleRules } from "../files/file-record.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/** How many configurations one may be built on. */
const MOST_EXTENDED = 8;

/** What a configuration says, with the folder that each of its paths is relative to. */
interface Rules {
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
      if (map.moduleRules.has(path)) return withExtended(path, map, MOST_EXTENDED);
    }
    if (folder === "") return undefined;
  }
}

function withExtended(path: string, map: ProjectMap, most: number): Rules {
  const rules = map.moduleRules.get(path);
  const folder = folderOf(path);
  if (rules === undefined || most === 0) return {};
  let inherited: Rules = {};
  for (const extended of rules.extends ?? []) {
    const target = joinWithin(folder, extended);
    const found = [target, `${target}.json`].find((each) => each !== undefined && map.moduleRules.has(each));
    if (found !== undefined) inherited = { ...inherited, ...withExtended(found, map, most - 1) };
  }
  const base = rules.baseUrl === undefined ? undefined : joinWithin(folder, rules.baseUrl);
  const { paths, rootDirs } = rules;
  return {
    ...inherited,
    ...(base === undefined ? {} : { base }),
    ...(paths === undefined ? {} : { paths: { folder: base ?? inherited.base ?? folder, patterns: paths } }),
    ...(rootDirs === undefined ? {} : { roots: rootDirs.flatMap((root) => joinWithin(folder, root) ?? []) }),
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
  return best?.targets.flatMap((target) => joinWithin(folder, target.replace("*", best.star)) ?? []) ?? [];
}

/** The folders of `rootDirs` count as one. */
function acrossRoots(from: string, specifier: string, roots: readonly string[]): readonly string[] {
  const own = roots.find((root) => from.startsWith(`${root}/`));
  if (own === undefined) return [];
  const within = joinWithin(folderOf(from.slice(own.length + 1)), specifier);
  return within === undefined ? [] : roots.flatMap((root) => joinWithin(root, within) ?? []);
}
