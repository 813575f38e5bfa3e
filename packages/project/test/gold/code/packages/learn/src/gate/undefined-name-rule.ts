import type { GateRule, RuleInput } from "./rule.js";

/** A name that is read and that nothing defines. */
export const undefinedNameRule: GateRule = {
  name: "undefined-name",
  passRate: 0.03,
  check(input) {
    if (!input.facts.ok || sharesScope(input)) return undefined;
    const supplied = suppliedWords(input);
    const missing = input.facts.undefinedNames.filter(({ name }) => !supplied.has(name));
    const [first] = missing;
    if (!first) return undefined;
    const names = [...new Set(missing.map(({ name }) => name))];
    const more = names.length > 1 ? ` (and ${names.slice(1, 4).join(", ")})` : "";
    return `${input.path} reads ${first.name} at line ${first.line}${more}, which nothing defines.`;
  },
};

/** The files of a Go package share one scope, so one file alone says nothing when there are others. */
function sharesScope({ task, candidate, language }: RuleInput): boolean {
  if (language !== "go") return false;
  const supporting = "files" in task ? Object.keys(task.files ?? {}) : [];
  const others = [...supporting, ...Object.keys(candidate.files)].filter((path) => path.endsWith(".go"));
  return task.project !== undefined || new Set(others).size > 1;
}

/** Visible tests that are joined to the candidate may define names for it. Hidden ones are the judge's alone. */
function suppliedWords({ task }: RuleInput): ReadonlySet<string> {
  const visible = "tests" in task ? (task.tests?.visible ?? []) : [];
  const joined = visible.filter((test) => test.mode === "append").map((test) => test.content);
  return new Set(joined.join("\n").match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);
}
