import { MEMORY_KINDS, type MemoryKind } from "@agentos/core";
import { Option } from "commander";
import { type CommandDefinition, withAgentOS } from "../context.js";
import { list, wholeNumber } from "../flags.js";
import { printable } from "../output.js";

interface Flags {
  readonly kind?: MemoryKind;
  readonly tags?: string[];
  readonly limit: number;
}

/** `agentos recall`: finds what was remembered. */
export const recallCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("recall")
      .description("find what was remembered, best first")
      .argument("<query>", "words that describe it")
      .addOption(new Option("--kind <kind>", "only this kind").choices([...MEMORY_KINDS]))
      .option("--tags <list>", "only with all of these labels", list)
      .option("--limit <count>", "at most so many", wholeNumber, 10)
      .addHelpText("after", '\nExample:\n  agentos recall "how are dates stored"'),

  async run(context, [query], options) {
    const { kind, tags, limit } = options as unknown as Flags;
    return withAgentOS(context, async (agentos) => {
      const memories = await agentos.memory.recall(String(query), {
        limit,
        scopes: agentos.scopes,
        signal: context.signal,
        ...(kind && { kinds: [kind] }),
        ...(tags && { tags }),
      });
      const lines = memories.map(
        ({ memory, score }) =>
          `${score.toFixed(2)}  ${memory.kind}  ${printable(memory.content)}${memory.trust === "outside" ? " (from outside)" : ""}  ${context.colors.dim(memory.id)}`,
      );
      return {
        json: { memories },
        text: lines.length > 0 ? lines.join("\n") : "nothing is remembered about that",
      };
    });
  },
};
