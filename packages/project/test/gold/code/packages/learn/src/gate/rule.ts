import type { Candidate, Language, StoredTask, SyntaxFacts, Task } from "@agentos/core";

/** What a static rule looks at: one file of a candidate. */
export interface RuleInput {
  readonly task: Task | StoredTask;
  readonly candidate: Candidate;
  /** The file's path in the candidate. */
  readonly path: string;
  readonly language: Language;
  readonly facts: SyntaxFacts;
}

/** What a static rule found. */
export interface RuleFinding {
  /** Name of the rule. */
  readonly rule: string;
  /** One sentence: what, and where. */
  readonly text: string;
}

/** One static rule of the gate. */
export interface GateRule {
  readonly name: string;
  /** The share of candidates that pass although it fires, before anything is known here. */
  readonly passRate: number;
  /** What is wrong, in one sentence, or undefined. */
  check(input: RuleInput): string | undefined;
}
