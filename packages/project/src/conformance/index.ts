/**
 * What every `SyntaxParser` must hold, in any test runner.
 * @module
 */
import assert from "node:assert/strict";
import { isAgentOSError, type Language, type SyntaxParser } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";

/** A text in each language: what it defines, and a text that is broken in its third line. */
const SAMPLES: Readonly<
  Partial<Record<Language, { text: string; broken: string; definitions: readonly string[] }>>
> = {
  javascript: {
    text: "function first(a) {\n  return a;\n}\nclass Second {}\nfirst(Second);\n",
    broken: "function first(a) {\n  return a; }\n)))\n",
    definitions: ["first", "Second"],
  },
  typescript: {
    text: "function first<T>(a: T): T {\n  return a;\n}\nclass Second<T> {}\nfirst<unknown>(Second);\n",
    broken: "function first(a: number) {\n  return a; }\n)))\n",
    definitions: ["first", "Second"],
  },
  python: {
    text: "def first(a):\n    return a\n\nclass Second:\n    pass\n\nfirst(Second)\n",
    broken: "def first(a):\n    return a\n)))\n",
    definitions: ["first", "Second"],
  },
  go: {
    text: "package p\n\nfunc first(a int) int {\n\treturn a\n}\n\ntype Second struct{}\n",
    broken: "package p\n\n)))\n",
    definitions: ["first", "Second"],
  },
  java: {
    text: "package p;\n\nclass First {\n  int first(int a) {\n    return a;\n  }\n}\n\nrecord Second(int a) {}\n",
    broken: "package p;\n\n)))\n",
    definitions: ["First", "Second"],
  },
  rust: {
    text: "fn first(a: i32) -> i32 {\n    a\n}\n\nstruct Second;\n",
    broken: "fn first() {\n}\n)))\n",
    definitions: ["first", "Second"],
  },
  bash: {
    text: 'first() {\n  echo "$1"\n}\n\nfunction second {\n  first a\n}\n',
    broken: "first() {\n  echo; }\necho )))\n",
    definitions: ["first", "second"],
  },
};

/** A read of a name that is defined nowhere, on the third line. */
const UNDEFINED: Readonly<Partial<Record<Language, string>>> = {
  javascript: "function f(a) {\n\n  return a + nowhere;\n}\n",
  typescript: "function f(a: number): number {\n\n  return a + nowhere;\n}\n",
  python: "def f(a):\n\n    return a + nowhere\n",
};

/** Cases for a parser; `open` gives one, which the runner closes. Languages that it does not list are passed over. */
export function syntaxParserConformance(
  languages: readonly Language[],
  open: () => Promise<SyntaxParser>,
): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [
    {
      name: "lists its languages",
      run: async () => assert.deepEqual([...(await open()).languages].sort(), [...languages].sort()),
    },
    {
      name: "refuses a language that it does not list",
      run: async () => {
        const parser = await open();
        await assert.rejects(parser.facts("cobol" as Language, ""), (error) => isAgentOSError(error));
      },
    },
    {
      name: "an aborted signal ends the wait",
      run: async () => {
        const parser = await open();
        const [language] = languages;
        assert.ok(language !== undefined);
        const signal = AbortSignal.abort();
        await assert.rejects(parser.facts(language, "", { signal }), (error) =>
          isAgentOSError(error, "ABORTED"),
        );
      },
    },
  ];
  for (const language of languages) {
    const sample = SAMPLES[language];
    if (sample === undefined) throw new Error(`The suite has no sample in ${language}: add one to SAMPLES.`);
    const { text, broken, definitions } = sample;
    cases.push(
      {
        name: `${language}: a sound text has no error and no undefined names`,
        run: async () => {
          const facts = await (await open()).facts(language, text);
          assert.deepEqual(facts, { ok: true, undefinedNames: [], definitions });
        },
      },
      {
        name: `${language}: says where a text breaks`,
        run: async () => {
          const facts = await (await open()).facts(language, broken);
          assert.equal(facts.ok, false);
          assert.equal(facts.error?.line, 3);
          assert.ok((facts.error?.column ?? 0) >= 1);
          assert.ok(facts.error?.text.includes(")))"));
          assert.deepEqual(facts.undefinedNames, []);
        },
      },
      {
        name: `${language}: an empty text parses`,
        run: async () => {
          assert.deepEqual(await (await open()).facts(language, ""), {
            ok: true,
            undefinedNames: [],
            definitions: [],
          });
        },
      },
      {
        name: `${language}: hands out plain data that outlives the next parse`,
        run: async () => {
          const parser = await open();
          const first = await parser.facts(language, text);
          const copy = structuredClone(first);
          await parser.facts(language, broken);
          assert.deepEqual(first, copy);
        },
      },
      {
        name: `${language}: works at once for many`,
        run: async () => {
          const parser = await open();
          const all = await Promise.all(
            Array.from({ length: 20 }, (_, index) => parser.facts(language, index % 2 === 0 ? text : broken)),
          );
          assert.deepEqual(
            all.map((facts) => facts.ok),
            all.map((_, index) => index % 2 === 0),
          );
        },
      },
    );
    const unknown = UNDEFINED[language];
    if (unknown !== undefined) {
      cases.push({
        name: `${language}: names what is read and never defined`,
        run: async () => {
          const facts = await (await open()).facts(language, unknown);
          assert.deepEqual(facts.undefinedNames, [{ name: "nowhere", line: 3 }]);
        },
      });
    }
  }
  return cases;
}
