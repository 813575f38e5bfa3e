import { type CommandDefinition, configOf } from "../context.js";
import { table } from "../output.js";

/** `agentos config`: each value and where it comes from. */
export const configCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("config")
      .description("show each setting and where it comes from")
      .addHelpText(
        "after",
        "\nSettings come from, the later before the earlier: defaults, ~/.config/agentos/config.json, agentos.config.json\nor .agentosrc.json or package.json of the project, AGENTOS_DIR, flags.\n\nExample:\n  agentos config --json",
      ),

  async run(context) {
    const { values } = await configOf(context);
    const rows = values.map(({ key, value, source, where }) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
      where === undefined ? source : `${source} (${where})`,
    ]);
    return { json: { values }, text: table(rows) };
  },
};
