import type { CommandDefinition } from "../context.js";
import { wholeNumber } from "../flags.js";
import { type Project, withIndex } from "../indexed.js";
import { printable } from "../output.js";
import { shownPlace } from "../places.js";

type Impact = Awaited<ReturnType<Project["graph"]["impact"]>>;

/** `agentos impact`: what a change may break, and the tests that cover it. */
export const impactCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("impact")
      .description("find what may break when something changes, and the tests that cover it")
      .argument("<what>", "a file, a name, or a place as file:line or file:line:column, counted from 1")
      .option("--depth <count>", "follow uses so many steps", wholeNumber, 3)
      .option("--limit <count>", "at most so many symbols", wholeNumber, 200)
      .option("--guesses", "also uses of the same name of which nothing more is known")
      .addHelpText(
        "after",
        "\nExamples:\n  agentos impact src/date.ts\n  agentos impact parseDate --depth 1",
      ),

  async run(context, [given], options) {
    const what = String(given);
    const { signal } = context;
    const follow = {
      depth: Number(options["depth"]),
      limit: Number(options["limit"]),
      guesses: options["guesses"] === true,
      signal,
    };
    return withIndex(context, async (project) => {
      const found: (Impact & { readonly of: string })[] = [];
      for (const { path, at } of await project.places(what, { signal })) {
        const of = at === undefined ? path : shownPlace({ path, ...at });
        found.push({ of, ...(await project.graph.impact(path, at, follow)) });
      }
      const shown = found.flatMap(({ of, dependents, tests, isCut }) => [
        of,
        ...dependents.map(({ path, symbol, depth, uses }) => {
          const name = symbol === undefined ? "" : `  ${symbol.kind} ${symbol.name}`;
          return `${"  ".repeat(depth)}${path}:${uses[0]?.line ?? 1}${name}`;
        }),
        ...(isCut ? [`  … more than ${follow.limit}: raise --limit`] : []),
        ...tests.map((test) => `  test ${test}`),
      ]);
      return { json: { found }, text: shown.length > 0 ? shown.map(printable).join("\n") : "nothing found" };
    });
  },
};
