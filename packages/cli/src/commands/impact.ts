import type { CommandDefinition } from "../context.js";
import { wholeNumber } from "../flags.js";
import { type Project, withIndex } from "../indexed.js";
import { printable } from "../output.js";
import { fromOne, named, nothingAt, shownPlace } from "../places.js";

type Impact = Awaited<ReturnType<Project["graph"]["impact"]>>;
type Definition = Awaited<ReturnType<Project["definition"]>>[number];

interface Found extends Impact {
  /** The file or place that is asked about. */
  readonly of: string;
  /** What the name at that place stands for. */
  readonly meant?: Definition;
}

/** `agentos impact`: what a change may break, and the tests that cover it. */
export const impactCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("impact")
      .description("find what may break when something changes, and the tests that cover it")
      .argument(
        "<what>",
        "a file, a name, or a place as file:line (its first name) or file:line:column, counted from 1",
      )
      .option(
        "--depth <count>",
        "follow uses so many steps; what is further away is indented further",
        wholeNumber,
        3,
      )
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
      const found: Found[] = [];
      for (const { path, at } of await project.places(what, { signal })) {
        const meant = at && (await project.definition(path, at, { signal })).at(-1);
        if (at !== undefined && meant === undefined) continue;
        const of = at === undefined ? path : shownPlace({ path, ...at });
        found.push({ of, ...(meant && { meant }), ...(await project.graph.impact(path, at, follow)) });
      }
      const lines = found.flatMap((one) => linesOf(one, follow.limit));
      return {
        json: {
          found: found.map(({ meant, dependents, ...rest }) => ({
            ...rest,
            ...(meant && { meant: fromOne(meant) }),
            dependents: dependents.map((each) => ({ ...each, uses: each.uses.map(fromOne) })),
          })),
        },
        text: lines.length > 0 ? lines.map(printable).join("\n") : nothingAt(what),
      };
    });
  },
};

/** What is asked about, who depends on it (each where it first uses it), and the tests. */
function linesOf({ of, meant, dependents, tests, isCut }: Found, limit: number): string[] {
  return [
    meant === undefined ? of : `${of}  ${meant.kind} ${meant.name}`,
    ...dependents.map(({ path, symbol, depth, uses }) => {
      const name = symbol === undefined ? "" : `  ${symbol.kind} ${named(symbol)}`;
      return `${"  ".repeat(depth)}${path}:${uses[0]?.line ?? 1}${name}`;
    }),
    ...(isCut ? [`  … more than ${limit}: raise --limit`] : []),
    ...(dependents.length === 0 ? ["  nothing else is known to depend on it"] : []),
    ...tests.map((test) => `  test ${test}`),
  ];
}
