import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/** Names of folders in which headers are looked for. */
const FOLDERS = ["include", "src", "lib", "source", "inc"];
const HEADER = /\.(?:h|hh|hpp|hxx|h\+\+|inl|inc)$/i;
const SOURCES = [".c", ".cc", ".cpp", ".cxx", ".c++"];
/** Headers of C and of Unix, which a project may have one by the name of. */
const STANDARD: ReadonlySet<string> = new Set(
  (
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool stddef " +
    "stdint stdio stdlib stdnoreturn string strings tgmath threads time uchar wchar wctype dirent dlfcn fcntl fnmatch getopt glob grp " +
    "libgen malloc memory netdb poll pthread pwd regex sched search semaphore spawn syslog termios ucontext unistd utime windows"
  )
    .split(" ")
    .map((name) => `${name}.h`),
);
/** Files that define one name; more say as little as none. */
const MOST_DEFINERS = 64;

/** Whether a file is there to be included. */
export function isHeader(path: string): boolean {
  return HEADER.test(path);
}

/**
 * The files of the project that an `#include` stands for: the header, and the source beside it that has the bodies of what it declares.
 * @param specifier as it is written, with its angles; with a name a namespace (`a::b`, empty for what is in none)
 * @param name only files that define this name there and that the including file sees: those that it includes, through others too, and
 * those that define what such a header declares
 */
export function cModule(from: string, specifier: string, map: ProjectMap, name?: string): readonly string[] {
  if (name !== undefined) return definersOf(from, specifier, map, name);
  const file = includedFile(from, specifier, map);
  return file === undefined ? [] : [file, ...cSources(file, map)];
}

/** The file of the project that an `#include` names, if there is one. */
export function cIncludes(from: string, specifier: string, map: ProjectMap): readonly string[] {
  return [includedFile(from, specifier, map) ?? []].flat();
}

/** The sources that belong to a header: of the same name, and including it. */
export function cSources(path: string, map: ProjectMap): readonly string[] {
  if (!HEADER.test(path)) return [];
  const stem = path.slice(path.lastIndexOf("/") + 1).replace(HEADER, "");
  return SOURCES.flatMap((extension) => map.c.named(stem + extension)).filter((source) =>
    reaches(source, path, map),
  );
}

function definersOf(from: string, namespace: string, map: ProjectMap, name: string): readonly string[] {
  const all = map.c
    .defining(name)
    .slice(0, MOST_DEFINERS)
    .filter(({ path }) => map.c.declares(path, namespace));
  const seen = all.filter(({ path }) => path === from || reaches(from, path, map));
  const headers = seen.filter(({ path }) => HEADER.test(path));
  const bodies = all.filter(
    ({ path, shared }) =>
      shared && !HEADER.test(path) && headers.some((header) => reaches(path, header.path, map)),
  );
  if (seen.length > 0) return [...new Set([...seen, ...bodies].map(({ path }) => path))];
  // A type that a header only names is defined by the one source that includes it.
  const below = HEADER.test(from)
    ? all.filter(({ path }) => !HEADER.test(path) && reaches(path, from, map))
    : [];
  return below.length === 1 ? below.map(({ path }) => path) : [];
}

/** Whether a file includes another one, through others too. */
function reaches(from: string, to: string, map: ProjectMap): boolean {
  const { reached } = map.c;
  let files = reached.get(from);
  if (files === undefined) {
    files = reachedFrom(from, map);
    reached.set(from, files);
  }
  return files.has(to);
}

function reachedFrom(from: string, map: ProjectMap): ReadonlySet<string> {
  const files = new Set<string>();
  const pending = [from];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const specifier of map.c.includes(path)) {
      const file = includedFile(path, specifier, map);
      if (file === undefined || files.has(file)) continue;
      files.add(file);
      pending.push(file);
    }
  }
  return files;
}

/**
 * Beside the file (in quotes), from the folders above it and their usual folders of headers on, or the only file of the project whose path
 * ends so.
 */
function includedFile(from: string, specifier: string, map: ProjectMap): string | undefined {
  const isSystem = specifier.startsWith("<");
  const path = isSystem ? specifier.slice(1, -1) : specifier;
  const beside = isSystem ? undefined : joinWithin(folderOf(from), path);
  if (beside !== undefined && map.has(beside)) return beside;
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    for (const place of ["", ...FOLDERS]) {
      const found = joinWithin(folder, place === "" ? path : `${place}/${path}`);
      if (found !== undefined && map.has(found)) return found;
    }
    if (folder === "") break;
  }
  const plain = path.replace(/^(?:\.{1,2}\/)+/, "");
  const ending = map.c
    .named(plain.slice(plain.lastIndexOf("/") + 1))
    .filter((each) => each.endsWith(`/${plain}`));
  return ending.length === 1 && !(isSystem && STANDARD.has(plain)) ? ending[0] : undefined;
}
