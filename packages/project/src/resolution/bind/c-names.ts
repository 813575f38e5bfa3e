import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { plainName, qualifiedParts } from "../../outline/c-declarators.js";
import type { NameSpace, ReferenceRole, Term } from "../name-facts.js";
import { type CBinder, FILE } from "./c-binder.js";
import { naming } from "./terms.js";
import { visitAll, type Walk } from "./walk.js";

/** How many namespaces around a place are looked into for one that is named there. */
const MOST_AROUND = 6;

/** Refers to each part of a qualified name, and gives what the last one names. */
export function* qualified(c: CBinder, node: SourceNode, role: ReferenceRole, space: NameSpace): Walk {
  const parts = qualifiedParts(node);
  const last = parts.at(-1);
  const owner = yield ownerOf(c, parts.slice(0, -1), role === "import" ? role : "read");
  if (last === undefined || last.type === "qualified_identifier") return undefined;
  const name = plainName(last);
  yield typeArguments(c, last);
  const term = c.terms.member(owner ?? everything(), c.text(name), space);
  c.refer(name, role, term);
  return term;
}

/** Refers to the names in front of another one, and gives what they name: a namespace or a class; all of the project for none. */
export function* ownerOf(c: CBinder, parts: readonly SourceNode[], role: ReferenceRole): Walk {
  let term: Term | undefined = parts.length === 0 ? everything() : undefined;
  let paths: readonly string[] = [];
  for (const [place, part] of parts.entries()) {
    const name = plainName(part);
    if (
      name.type !== "namespace_identifier" &&
      name.type !== "type_identifier" &&
      name.type !== "identifier"
    ) {
      term = naming(yield c.visit(part));
      paths = [];
      continue;
    }
    yield typeArguments(c, part);
    const text = c.text(name);
    paths =
      place === 0 ? around(c, c.namespaceAliases.get(text) ?? text) : paths.map((path) => `${path}::${text}`);
    const named = place === 0 ? c.typeTerm(text) : c.terms.member(term, text, "type");
    c.refer(name, role, named);
    term = c.terms.any(named, ...modulesOf(paths));
  }
  return term;
}

/** The namespaces of some paths. */
export function modulesOf(paths: readonly string[]): readonly Term[] {
  return paths.map((specifier) => ({ is: "module", specifier }));
}

/** What `::a` is looked for in. */
function everything(): Term {
  return {
    is: "any",
    of: [
      { is: "object", scope: FILE },
      { is: "module", specifier: "" },
    ],
  };
}

/** The namespaces that a name may mean here, the innermost first. */
export function around(c: CBinder, name: string): readonly string[] {
  const paths: string[] = [];
  let outer = c.frame.namespace;
  while (outer !== "" && paths.length < MOST_AROUND) {
    paths.push(`${outer}::${name}`);
    outer = outer.slice(0, Math.max(0, outer.lastIndexOf("::")));
  }
  return [...paths, name];
}

/** Walks over the arguments of a template. */
export function* typeArguments(c: CBinder, node: SourceNode): Walk {
  const list = childOf(node, "arguments");
  if (list?.type === "template_argument_list") yield visitAll(c, partsOf(list));
  return undefined;
}
