import fc from "fast-check";
import type { Dialect } from "../../src/source-parser.js";

/** A condition: a name, or a run of one operator, which may hold runs of the other. */
export type Condition = "a" | { readonly operator: "and" | "or"; readonly of: readonly Condition[] };

/** A program that all languages can write. */
export type Statement =
  | { readonly is: "call" }
  | {
      readonly is: "if";
      readonly branches: readonly { readonly condition: Condition; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[] | undefined;
    }
  | { readonly is: "while"; readonly condition: Condition; readonly body: readonly Statement[] }
  | { readonly is: "switch"; readonly cases: readonly (readonly Statement[])[] };

export const DIALECTS: readonly Dialect[] = [
  "bash",
  "c",
  "cpp",
  "csharp",
  "go",
  "java",
  "javascript",
  "php",
  "python",
  "ruby",
  "rust",
  "tsx",
  "typescript",
];

const { statements } = fc.letrec<{
  statements: readonly Statement[];
  statement: Statement;
  condition: Condition;
}>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small" },
    fc.constant<Condition>("a"),
    fc.record({
      operator: fc.constantFrom("and" as const, "or" as const),
      of: fc.array(tie("condition"), { minLength: 2, maxLength: 3 }),
    }),
  ),
  statement: fc.oneof(
    { depthSize: "small" },
    fc.constant<Statement>({ is: "call" }),
    fc.record({
      is: fc.constant("if" as const),
      branches: fc.array(fc.record({ condition: tie("condition"), body: tie("statements") }), {
        minLength: 1,
        maxLength: 3,
      }),
      otherwise: fc.option(tie("statements"), { nil: undefined }),
    }),
    fc.record({ is: fc.constant("while" as const), condition: tie("condition"), body: tie("statements") }),
    fc.record({
      is: fc.constant("switch" as const),
      cases: fc.array(tie("statements"), { minLength: 1, maxLength: 3 }),
    }),
  ),
  statements: fc.array(tie("statement"), { maxLength: 3 }),
}));

/** Bodies of a function. */
export const programs: fc.Arbitrary<readonly Statement[]> = statements;

/** What is to be measured of a function with that body. */
export interface Expected {
  readonly cyclomatic: number;
  readonly cognitive: number;
  readonly nesting: number;
}

/** By the definitions, one statement after the other. */
export function expectedOf(program: readonly Statement[]): Expected {
  const total = { cyclomatic: 1, cognitive: 0, nesting: 0 };
  addBody(program, 0, total);
  return total;
}

function addBody(
  body: readonly Statement[],
  depth: number,
  total: { cyclomatic: number; cognitive: number; nesting: number },
): void {
  for (const statement of body) {
    if (statement.is === "call") continue;
    total.cognitive += 1 + depth;
    total.nesting = Math.max(total.nesting, depth + 1);
    if (statement.is === "if") {
      for (const [position, { condition, body: inner }] of statement.branches.entries()) {
        total.cyclomatic += 1;
        total.cognitive += position === 0 ? 0 : 1;
        addCondition(condition, total);
        addBody(inner, depth + 1, total);
      }
      if (statement.otherwise !== undefined) {
        total.cognitive += 1;
        addBody(statement.otherwise, depth + 1, total);
      }
    } else if (statement.is === "while") {
      total.cyclomatic += 1;
      addCondition(statement.condition, total);
      addBody(statement.body, depth + 1, total);
    } else {
      for (const inner of statement.cases) {
        total.cyclomatic += 1;
        addBody(inner, depth + 1, total);
      }
    }
  }
}

function addCondition(condition: Condition, total: { cyclomatic: number; cognitive: number }): void {
  const operators = operatorsOf(condition);
  total.cyclomatic += operators.length;
  total.cognitive += operators.filter((operator, at) => operator !== operators[at - 1]).length;
}

/** The operators of a condition in the order in which they are written. */
function operatorsOf(condition: Condition): readonly ("and" | "or")[] {
  if (condition === "a") return [];
  return condition.of.flatMap((inner, at) =>
    at === 0 ? operatorsOf(inner) : [condition.operator, ...operatorsOf(inner)],
  );
}

/** How a language writes it. */
interface Style {
  readonly and: string;
  readonly or: string;
  readonly name: string;
  readonly call: string;
  readonly frame: readonly [string, string];
  readonly if: (condition: string) => string;
  readonly elseIf: (condition: string) => string;
  readonly else: string;
  readonly while: (condition: string) => string;
  readonly end: (what: "if" | "while" | "switch") => string;
  readonly switch: string;
  readonly case: (value: number) => string;
  readonly endCase: string;
  readonly endSwitch: string;
}

const BRACES: Style = {
  and: "&&",
  or: "||",
  name: "a",
  call: "g();",
  frame: ["function subject() {", "}"],
  if: (condition) => `if (${condition}) {`,
  elseIf: (condition) => `} else if (${condition}) {`,
  else: "} else {",
  while: (condition) => `while (${condition}) {`,
  end: () => "}",
  switch: "switch (a) {",
  case: (value) => `case ${value}:`,
  endCase: "break;",
  endSwitch: "default: break; }",
};

const STYLES: Readonly<Record<Dialect, Style>> = {
  javascript: BRACES,
  typescript: BRACES,
  tsx: BRACES,
  c: { ...BRACES, frame: ["int subject(void) {", "}"] },
  cpp: { ...BRACES, and: "and", or: "or", frame: ["int A::subject() {", "}"] },
  csharp: { ...BRACES, frame: ["class A { int subject() {", "} }"] },
  java: { ...BRACES, frame: ["class A { int subject() {", "} }"] },
  php: { ...BRACES, name: "$a", switch: "switch ($a) {", frame: ["<?php function subject() {", "}"] },
  go: {
    ...BRACES,
    call: "g()",
    frame: ["package p\nfunc subject() {", "}"],
    if: (condition) => `if ${condition} {`,
    elseIf: (condition) => `} else if ${condition} {`,
    while: (condition) => `for ${condition} {`,
    switch: "switch a {",
    endCase: "",
    endSwitch: "default:\n}",
  },
  rust: {
    ...BRACES,
    frame: ["fn subject() {", "}"],
    if: (condition) => `if ${condition} {`,
    elseIf: (condition) => `} else if ${condition} {`,
    while: (condition) => `while ${condition} {`,
    switch: "match a {",
    case: (value) => `${value} => {`,
    endCase: "}",
    endSwitch: "_ => {} }",
  },
  python: {
    ...BRACES,
    and: "and",
    or: "or",
    call: "g()",
    frame: ["def subject():", ""],
    if: (condition) => `if ${condition}:`,
    elseIf: (condition) => `elif ${condition}:`,
    else: "else:",
    while: (condition) => `while ${condition}:`,
    end: () => "",
    switch: "match a:",
    case: (value) => `case ${value}:`,
    endCase: "",
    endSwitch: "case _: pass",
  },
  ruby: {
    ...BRACES,
    call: "g()",
    frame: ["def subject", "end"],
    if: (condition) => `if ${condition}`,
    elseIf: (condition) => `elsif ${condition}`,
    else: "else",
    while: (condition) => `while ${condition}`,
    end: () => "end",
    switch: "case a",
    case: (value) => `when ${value}`,
    endCase: "",
    endSwitch: "else\nend",
  },
  bash: {
    ...BRACES,
    name: "a",
    call: "g",
    frame: ["subject() {\n:", "}"],
    if: (condition) => `if [[ ${condition} ]]; then\n:`,
    elseIf: (condition) => `elif [[ ${condition} ]]; then\n:`,
    else: "else\n:",
    while: (condition) => `while [[ ${condition} ]]; do\n:`,
    end: (what) => (what === "if" ? "fi" : "done"),
    switch: "case $a in",
    case: (value) => `${value})\n:`,
    endCase: ";;",
    endSwitch: "*) : ;;\nesac",
  },
};

/** The text of a function `subject` with that body. */
export function write(program: readonly Statement[], dialect: Dialect): string {
  const style = STYLES[dialect];
  const [start, end] = style.frame;
  return [start, ...body(program, style, 1), end, ""].join("\n");
}

function body(statements: readonly Statement[], style: Style, depth: number): readonly string[] {
  const indent = "  ".repeat(depth);
  // A block of Python holds something.
  const first = [style.call];
  return [...first, ...statements.flatMap((statement) => lines(statement, style, depth))].map((line) =>
    line.startsWith(" ") ? line : indent + line,
  );
}

function lines(statement: Statement, style: Style, depth: number): readonly string[] {
  const indent = "  ".repeat(depth);
  switch (statement.is) {
    case "call":
      return [style.call];
    case "if": {
      const { branches, otherwise } = statement;
      return [
        ...branches.flatMap(({ condition, body: inner }, position) => [
          indent + (position === 0 ? style.if : style.elseIf)(conditionText(condition, style)),
          ...body(inner, style, depth + 1),
        ]),
        ...(otherwise === undefined ? [] : [indent + style.else, ...body(otherwise, style, depth + 1)]),
        indent + style.end("if"),
      ];
    }
    case "while":
      return [
        indent + style.while(conditionText(statement.condition, style)),
        ...body(statement.body, style, depth + 1),
        indent + style.end("while"),
      ];
    case "switch":
      return [
        indent + style.switch,
        ...statement.cases.flatMap((inner, position) => [
          `${indent}  ${style.case(position)}`,
          ...body(inner, style, depth + 2),
          `${indent}    ${style.endCase}`,
        ]),
        `${indent}  ${style.endSwitch}`,
      ];
  }
}

/** Each run within another in parentheses. */
function conditionText(condition: Condition, style: Style): string {
  if (condition === "a") return style.name;
  const operator = ` ${style[condition.operator]} `;
  return condition.of
    .map((inner) => (inner === "a" ? style.name : `(${conditionText(inner, style)})`))
    .join(operator);
}
