import {
  type Candidate,
  entryFileOf,
  isAgentOSError,
  LANGUAGES,
  type Language,
  type Logger,
  SOURCE_EXTENSION,
  type StoredTask,
  type SyntaxParser,
  type Task,
  throwIfAborted,
  type WaitOptions,
} from "@agentos/core";
import type { GateRule, RuleFinding } from "./rule.js";
import { syntaxRule } from "./syntax-rule.js";
import { undefinedNameRule } from "./undefined-name-rule.js";

/** Every rule of the gate, in the order in which they are asked. */
export const GATE_RULES: readonly GateRule[] = [syntaxRule, undefinedNameRule];

/** What the gate says of a candidate. */
export interface GateReport {
  readonly finding?: RuleFinding;
  /** Why part of the candidate was not looked at, if so. */
  readonly note?: string;
}

/** Looks at a candidate without running it. */
export class Gate {
  readonly #parser: SyntaxParser | undefined;
  readonly #logger: Logger;

  constructor(parser: SyntaxParser | undefined, logger: Logger) {
    this.#parser = parser;
    this.#logger = logger;
  }

  /** The languages that it can look at; none without a parser. */
  get languages(): readonly Language[] {
    return this.#parser?.languages ?? [];
  }

  /** The first finding over all files. A parser that fails costs the finding, never the forecast. */
  async check(task: Task | StoredTask, candidate: Candidate, options: WaitOptions = {}): Promise<GateReport> {
    const parser = this.#parser;
    if (!parser) return { note: "No parser was given, so the static gate is off." };
    let note: string | undefined;
    const findings: RuleFinding[] = [];
    for (const [path, content] of Object.entries(candidate.files)) {
      const language = languageOf(path, task);
      if (content === null || !language || !parser.languages.includes(language)) continue;
      throwIfAborted(options.signal);
      try {
        const facts = await parser.facts(language, content, options);
        for (const rule of GATE_RULES) {
          const text = rule.check({ task, candidate, path, language, facts });
          if (text !== undefined) findings.push({ rule: rule.name, text });
        }
      } catch (error) {
        throwIfAborted(options.signal);
        if (isAgentOSError(error, "CLOSED")) throw error;
        this.#logger.warn(
          { error, path, language },
          "The parser failed; the static gate passes over this file.",
        );
        note = `The parser failed on ${path}, so the static gate passed over it.`;
      }
    }
    const finding = GATE_RULES.map((rule) => findings.find((found) => found.rule === rule.name)).find(
      Boolean,
    );
    return { ...(finding && { finding }), ...(note !== undefined && { note }) };
  }
}

function languageOf(path: string, task: Task | StoredTask): Language | undefined {
  return path === entryFileOf(task)
    ? task.language
    : LANGUAGES.find((language) => path.endsWith(SOURCE_EXTENSION[language]));
}
