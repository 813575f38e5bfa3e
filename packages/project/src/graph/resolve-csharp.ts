import type { FileRecord } from "../files/file-record.js";
import { outerOf, withinEach } from "../outline/csharp-names.js";
import { definersWithin, FOR_ALL } from "./namespace-index.js";
import type { ProjectMap } from "./project-map.js";

/** Namespaces that one file sees. Each import counts within each namespace of the file; more of these are made by a machine. */
const MOST_SEEN = 4_096;

/**
 * The files of the project that declare a namespace, or that define the type that a dotted name ends in (`using static A.B.Type`).
 * @param specifier the dotted name; `global::` for all namespaces that a file of the project imports for all
 * @param name only files that define this name in the namespace
 */
export function csharpModule(
  _from: string,
  specifier: string,
  { csharpNamespaces }: ProjectMap,
  name?: string,
): readonly string[] {
  if (name !== undefined) {
    return specifier === FOR_ALL
      ? csharpNamespaces.definingForAll(name)
      : csharpNamespaces.defining(specifier, name);
  }
  const files = csharpNamespaces.files(withoutMark(specifier));
  return files.length > 0 ? files : definingType(withoutMark(specifier), csharpNamespaces.defining);
}

/**
 * Files of the project that a C# file builds on: those that define the names that it uses, in the namespaces that it sees, which are its
 * own, those around them, and those that it imports.
 */
export function resolveCSharp(record: FileRecord, { csharpNamespaces }: ProjectMap): string[] {
  const { files, defining, homes, definingForAll } = csharpNamespaces;
  const specifiers = record.imports.map(({ specifier }) => withoutMark(specifier));
  const seen = seenFrom(record.namespaces ?? [], specifiers);
  const targets = new Set<string>();
  for (const name of Object.keys(record.uses)) {
    for (const used of [name, `${name}Attribute`]) {
      const places = homes(used);
      if (places.size === 0) continue;
      for (const path of definersWithin(places, seen)) targets.add(path);
      for (const path of definingForAll(used)) targets.add(path);
    }
  }
  for (const specifier of specifiers) {
    if (files(specifier).length === 0)
      for (const path of definingType(specifier, defining)) targets.add(path);
  }
  return [...targets];
}

/** The namespaces that a file sees, without those that are imported for all: its own, those around them, and those that it imports. */
function seenFrom(own: readonly string[], specifiers: readonly string[]): ReadonlySet<string> {
  const seen = new Set(["", ...specifiers.slice(0, MOST_SEEN)]);
  for (const namespace of own) for (let name = namespace; name !== ""; name = outerOf(name)) seen.add(name);
  for (const namespace of own) {
    for (const specifier of specifiers) {
      if (seen.size >= MOST_SEEN) return seen;
      for (const each of withinEach(namespace, specifier)) seen.add(each);
    }
  }
  return seen;
}

/** `A.B.Type`, or a type within a type. */
function definingType(
  specifier: string,
  defining: (namespace: string, name: string) => readonly string[],
): readonly string[] {
  for (let name = specifier; name !== ""; name = outerOf(name)) {
    const namespace = outerOf(name);
    const found = defining(namespace, name.slice(namespace === "" ? 0 : namespace.length + 1));
    if (found.length > 0) return found;
  }
  return [];
}

function withoutMark(specifier: string): string {
  return specifier.startsWith(FOR_ALL) ? specifier.slice(FOR_ALL.length) : specifier;
}
