import type { CommandDefinition } from "../context.js";
import { cliError } from "../errors.js";
import { wholeNumber } from "../flags.js";
import { withIndex } from "../indexed.js";
import { printable } from "../output.js";
import { fromOne, nothingAt, shownPlace } from "../places.js";

/** What the index gives at most. */
const MOST = 10_000;

/** `agentos refs`: where a name is defined, and where it is used. */
export const refsCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("refs")
      .description("find where a name is defined and used in the project")
      .argument(
        "<name>",
        "a name, or its place as file:line (its first name) or file:line:column, counted from 1",
      )
      .option("--limit <count>", "at most so many uses of each", wholeNumber, 100)
      .option("--guesses", "also uses of the same name of which nothing more is known")
      .addHelpText("after", "\nExamples:\n  agentos refs parseDate\n  agentos refs src/date.ts:12:17"),

  async run(context, [given], options) {
    const limit = Number(options["limit"]);
    const guesses = options["guesses"] === true;
    const { signal } = context;
    return withIndex(context, async (project) => {
      const found = [];
      for (const { path, at } of await project.places(String(given), { signal })) {
        if (at === undefined)
          throw cliError(
            "CLI_USAGE",
            `${path} is a file: name a place in it, as ${path}:12 or ${path}:12:5.`,
          );
        const definitions = await project.definition(path, at, { guesses, signal });
        // One more than is shown tells whether there are more.
        const most = Math.min(limit + 1, Math.max(limit, MOST));
        const references = await project.references(path, at, { limit: most, guesses, signal });
        const isCut = references.length > limit;
        found.push({ path, at, definitions, references: references.slice(0, limit), isCut });
      }
      const shown = found.flatMap(({ definitions, references, isCut }) => [
        ...definitions.map((one) => `${shownPlace(one)}  ${one.kind} ${one.name}${guessed(one)}`),
        ...references.map((one) => `  ${shownPlace(one)}  ${one.role}${guessed(one)}`),
        ...(isCut ? [`  … more than ${limit}: raise --limit`] : []),
      ]);
      return {
        json: {
          found: found.map(({ path, at, definitions, references, isCut }) => ({
            ...fromOne({ path, ...at }),
            definitions: definitions.map(fromOne),
            references: references.map(fromOne),
            isCut,
          })),
        },
        text: shown.length > 0 ? shown.map(printable).join("\n") : nothingAt(String(given)),
      };
    });
  },
};

function guessed({ confidence }: { readonly confidence: string }): string {
  return confidence === "guess" ? " (guess)" : "";
}
