import type { SourceNode } from "../../drivers/tree-sitter/tree.js";
import { usedNames } from "../../outline/php-names.js";
import type { Term } from "../name-facts.js";
import { childOf, type PhpBinder, type Place, type Rules } from "./php-binder.js";

/** Namespaces, and what is imported from them. */
export const NAMESPACE_RULES: Rules = {
  program: {
    enter(binder, node, place) {
      // A namespace without a body holds what follows it.
      const places = new Map<SourceNode, Place>();
      let current = place;
      for (const child of node.children) {
        if (child.type === "namespace_definition") {
          const within = namespacePlace(binder, child);
          if (childOf(child, "body") === undefined) current = within;
          places.set(child, within);
        } else places.set(child, current);
      }
      return (child) => places.get(child);
    },
  },
  namespace_definition: {
    enter:
      (_binder, _node, place) =>
      ({ field }) =>
        field === "body" ? place : undefined,
  },
  namespace_use_declaration: {
    enter(binder, node, place) {
      for (const { name, kind, last, alias } of usedNames(binder.tree, node)) {
        const slash = name.lastIndexOf("\\");
        const of: Term = { is: "module", specifier: name.slice(0, Math.max(0, slash)) };
        const value = binder.terms.member(of, name.slice(slash + 1), kind);
        if (value === undefined) continue;
        binder.facts.refer(binder.place(last), "import", value);
        const local = binder.place(alias ?? last);
        binder.facts.define(local, place.around, "import", { value, space: kind });
        if (kind === "type") place.namespace.imports.set(local.name, name);
      }
      return () => undefined;
    },
  },
};

/** The place of a file before any namespace. Functions and constants of all namespaces fall back to those without one. */
export function filePlace(binder: PhpBinder): Place {
  const file = binder.facts.scope(-1);
  const value: Term = { is: "module", specifier: "" };
  for (const space of ["call", "value"] as const)
    binder.facts.define({ name: "*", start: -1, end: -1 }, file, "import", { value, space });
  binder.namespaces.push(["", file]);
  return added(binder, "");
}

function namespacePlace(binder: PhpBinder, definition: SourceNode): Place {
  const name = childOf(definition, "name");
  const text = name === undefined ? "" : binder.text(name).replace(/\s+/g, "");
  const place = added(binder, text);
  if (name !== undefined) {
    // Nobody finds it by its name: that is resolved with what stands behind it.
    const value: Term = { is: "module", specifier: text };
    binder.facts.define(binder.place(name), binder.facts.scope(0, "none"), "module", { value });
  }
  return place;
}

/** The place of what is added to a namespace. It sees what other files add; its variables are in a scope of their own. */
function added(binder: PhpBinder, name: string): Place {
  const around = binder.facts.scope(0);
  const value: Term = { is: "module", specifier: name };
  binder.facts.define({ name: "*", start: -1, end: -1 }, around, "import", { value });
  binder.namespaces.push([name, around]);
  const variables = binder.facts.scope(around);
  return {
    scope: variables,
    around,
    namespace: { name, imports: new Map(), variables },
    self: undefined,
    returns: undefined,
  };
}
