import type { Term } from "../name-facts.js";

/**
 * A walk over a part of a tree: it yields the parts within it, is given what each stands for, and returns what its own part stands
 * for. Text may nest deeper than the stack of calls is, so walks do not call each other; {@link runWalk} holds them.
 */
export type Walk = Generator<Part, Term | undefined, Term | undefined>;

/** What a part stands for, or a walk that finds it out. */
export type Part = Walk | Term | undefined;

/** Runs a walk and all those within it, at any depth. */
export function runWalk(walk: Part): void {
  const pending = isWalk(walk) ? [walk] : [];
  let result: Term | undefined;
  for (let current = pending.at(-1); current !== undefined; current = pending.at(-1)) {
    const { done, value } = current.next(result);
    result = isWalk(value) ? undefined : value;
    if (isWalk(value)) pending.push(value);
    else if (done) pending.pop();
  }
}

function isWalk(part: Part): part is Walk {
  return part !== undefined && "next" in part;
}

/** Walks over several nodes one after the other; gives what the last one gives. */
export function* visitAll<Node>(
  binder: { visit(node: Node | undefined): Part },
  nodes: readonly (Node | undefined)[],
): Walk {
  let last: Term | undefined;
  for (const node of nodes) last = yield binder.visit(node);
  return last;
}
