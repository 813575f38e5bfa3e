import { plainText } from "../plain-text.js";
import type { GateRule } from "./rule.js";

/** A file that does not parse. */
export const syntaxRule: GateRule = {
  name: "syntax",
  passRate: 0.01,
  check({ path, facts }) {
    if (facts.ok) return undefined;
    const { error } = facts;
    const where = error ? ` at line ${error.line}, column ${error.column}` : "";
    const near = error && error.text.trim() !== "" ? ` near ${plainText(error.text, 60)}` : "";
    return `${path} does not parse${where}${near}.`;
  },
};
