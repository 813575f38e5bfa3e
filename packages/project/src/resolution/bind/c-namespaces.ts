import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { declaredBy, namespaceNames, plainName, qualifiedParts } from "../../outline/c-declarators.js";
import type { CBinder, Rule } from "./c-binder.js";
import { ownerOf, qualified } from "./c-names.js";
import { newLocals } from "./c-parameters.js";
import { visitAll, type Walk } from "./walk.js";

/** What is done with namespaces and templates. */
export const NAMESPACE_RULES: Readonly<Record<string, Rule>> = {
  template_declaration: template,
  namespace_definition: namespace,
  namespace_alias_definition: namespaceAlias,
  using_declaration: using,
  concept_definition: concept,
};

/** Type parameters are seen in what they are of, which is declared around them. */
function* template(c: CBinder, node: SourceNode): Walk {
  const scope = c.facts.scope(c.frame.scope);
  const indexes: number[] = [];
  return yield c.within({ scope }, function* () {
    for (const each of partsOf(childOf(node, "parameters"))) {
      yield c.visit(childOf(each, "default_type") ?? childOf(each, "default_value"));
      const declarator = childOf(each, "declarator");
      const name =
        declarator === undefined
          ? (childOf(each, "name") ?? typeParameterName(each))
          : declaredBy(declarator)?.name;
      const type = childOf(each, "type");
      const value = yield c.visit(type);
      if (name === undefined) continue;
      const space = type === undefined ? "type" : "value";
      indexes.push(
        c.defineIn(name, scope, "typeParameter", { space, ...(value === undefined ? {} : { value }) }),
      );
    }
    const rest = partsOf(node).filter(({ field }) => field !== "parameters");
    return yield c.within({ typeParameters: indexes }, () => visitAll(c, rest));
  });
}

function typeParameterName(parameter: SourceNode): SourceNode | undefined {
  return partsOf(parameter).findLast(({ type }) => type === "type_identifier");
}

function* namespace(c: CBinder, node: SourceNode): Walk {
  const isInline = node.children.some(({ type }) => type === "inline");
  let { scope, namespace: path } = c.frame;
  for (const name of namespaceNames(node)) {
    c.defineIn(name, scope, "module", { space: "type" });
    if (isInline) continue;
    path = path === "" ? c.text(name) : `${path}::${c.text(name)}`;
    scope = c.namespaceScope(path, scope);
  }
  return yield c.within({ scope, block: scope, types: scope, namespace: path }, () =>
    visitAll(c, partsOf(childOf(node, "body"))),
  );
}

function* namespaceAlias(c: CBinder, node: SourceNode): Walk {
  const name = childOf(node, "name");
  const [of] = partsOf(node).filter((part) => part !== name);
  const parts =
    of?.type === "nested_namespace_specifier" ? partsOf(of) : of === undefined ? [] : qualifiedParts(of);
  const value = yield ownerOf(c, parts, "import");
  if (name === undefined) return undefined;
  c.define(name, "import", value, undefined);
  c.namespaceAliases.set(c.text(name), parts.map((part) => c.text(part)).join("::"));
  return undefined;
}

/** `using a::b;` and `using namespace a;` */
function* using(c: CBinder, node: SourceNode): Walk {
  const [named] = partsOf(node);
  if (named === undefined) return undefined;
  if (node.children.some(({ type }) => type === "namespace")) {
    const parts = named.type === "nested_namespace_specifier" ? partsOf(named) : qualifiedParts(named);
    const all = yield ownerOf(c, parts, "import");
    if (all !== undefined) c.addSuper(c.frame.scope, all);
    return undefined;
  }
  const value = yield qualified(c, named, "import", "value");
  const last = qualifiedParts(named).at(-1);
  if (last === undefined || c.frame.inClass || value?.is !== "member") return undefined;
  // A type, a function or both.
  c.define(plainName(last), "import", c.terms.member(value.of, value.name), undefined);
  return undefined;
}

function* concept(c: CBinder, node: SourceNode): Walk {
  const name = childOf(node, "name");
  if (name !== undefined) c.define(name, "type", undefined, "type");
  return yield c.within({ locals: newLocals(c, c.frame.scope) }, () =>
    visitAll(
      c,
      partsOf(node).filter((part) => part !== name),
    ),
  );
}
