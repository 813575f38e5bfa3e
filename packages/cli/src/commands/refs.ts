import type { CommandDefinition } from "../context.js";
import { cliError } from "../errors.js";
import { wholeNumber } from "../flags.js";
import { withIndex } from "../indexed.js";
import { printable } from "../output.js";
import { shownPlace } from "../places.js";

/** `agentos refs`: where a name is defined, and where it is used. */
export const refsCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("refs")
      .description("find where a name is defined and used in the project")
      .argument("<name>", "a name, or its place as file:line or file:line:column, counted from 1")
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
        const { line, column } = at;
        const definitions = await project.definition(path, at, { guesses, signal });
        const references = await project.references(path, at, { limit, guesses, signal });
        found.push({ path, line, column: column + 1, definitions, references });
      }
      const shown = found.flatMap(({ definitions, references }) => [
        ...definitions.map((one) => `${shownPlace(one)}  ${one.kind} ${one.name}${guessed(one)}`),
        ...references.map((one) => `  ${shownPlace(one)}  ${one.role}${guessed(one)}`),
      ]);
      return {
        json: { found },
        text: shown.length > 0 ? shown.map(printable).join("\n") : "nothing found",
      };
    });
  },
};

function guessed({ confidence }: { readonly confidence: string }): string {
  return confidence === "guess" ? " (guess)" : "";
}
