import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";
import type { LanguageRules } from "./languages.js";

/** How a function is called by itself, as it is written. */
export function selfCalls(
  tree: SourceTree,
  node: SourceNode,
  name: string,
  isMember: boolean,
  rules: LanguageRules,
): ReadonlySet<string> {
  const receiver = childOf(node, "receiver");
  const own =
    receiver === undefined
      ? rules.selves
      : receiver.children.flatMap((child) => {
          const given = childOf(child, "name");
          return given === undefined ? [] : [`${tree.textOf(given)}.`];
        });
  const calls = isMember ? own.map((prefix) => prefix + name) : [];
  return new Set(!isMember || rules.bareSelf ? [...calls, name] : calls);
}

/** What a call calls, as it is written, without type arguments; undefined for what is no call or longer than `limit`. */
export function calledBy(
  tree: SourceTree,
  node: SourceNode,
  rules: LanguageRules,
  limit: number,
): string | undefined {
  const field = rules.calls.get(node.type);
  const called = field === undefined ? undefined : childOf(node, field);
  if (called === undefined || called.end - node.start > limit) return undefined;
  return tree.text.slice(node.start, called.end).replace(/(?:::)?<.*$/s, "");
}
