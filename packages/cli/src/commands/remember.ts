import { MEMORY_KINDS, type MemoryKind, type Scope } from "@agentos/core";
import { Option } from "commander";
import { type CommandDefinition, withAgentOS } from "../context.js";
import { list, share } from "../flags.js";

interface Flags {
  readonly kind?: MemoryKind;
  readonly tags?: string[];
  readonly importance?: number;
  readonly scope: "project" | "user" | "shared";
  readonly source?: string;
}

/** `agentos remember`: keeps a text. */
export const rememberCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("remember")
      .description("keep a fact, lesson or preference for later briefs")
      .argument("<text>", "what to remember; - reads the standard input")
      .addOption(new Option("--kind <kind>", "what it is").choices([...MEMORY_KINDS]))
      .option("--tags <list>", "labels, with commas between", list)
      .option("--importance <number>", "0 (trivial) to 1 (vital)", share)
      .addOption(
        new Option("--scope <scope>", "who sees it")
          .choices(["project", "user", "shared"])
          .default("project"),
      )
      .option("--source <text>", "where it comes from")
      .addHelpText(
        "after",
        '\nExample:\n  agentos remember "Dates are stored in UTC" --kind fact --tags time',
      ),

  async run(context, [text], options) {
    const { scope: level, ...input } = options as unknown as Flags;
    const content = text === "-" ? await context.readStdin() : String(text);
    return withAgentOS(context, async (agentos) => {
      const scope: Scope = level === "project" ? agentos.scope : { level };
      const memory = await agentos.memory.remember({ content, scope, ...input });
      return { json: { memory }, text: `remembered as ${memory.id}` };
    });
  },
};
