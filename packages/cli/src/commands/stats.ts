import { type CommandDefinition, withAgentOS } from "../context.js";
import { table } from "../output.js";

/** `agentos stats`: what is kept, in figures. */
export const statsCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("stats")
      .description("show what is kept, and how good the forecasts were")
      .addHelpText("after", "\nExample:\n  agentos stats --json"),

  async run(context) {
    return withAgentOS(context, async (agentos) => {
      const stats = await agentos.stats();
      return { json: stats, text: table(rowsOf(stats)) };
    });
  },
};

function rowsOf(value: object, prefix = ""): string[][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? rowsOf(inner, `${prefix}${key}.`)
      : [
          [
            `${prefix}${key}`,
            Array.isArray(inner) ? inner.map((item) => JSON.stringify(item)).join(", ") : String(inner),
          ],
        ],
  );
}
