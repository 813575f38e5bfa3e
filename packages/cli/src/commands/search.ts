import type { CommandDefinition } from "../context.js";
import { wholeNumber } from "../flags.js";
import { withIndex } from "../indexed.js";
import { printable } from "../output.js";

interface Flags {
  readonly limit: number;
  readonly path?: string;
  readonly regex?: boolean;
}

/** `agentos search`: finds symbols by name and lines by text. */
export const searchCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("search")
      .description("find symbols by name and lines by text in the project")
      .argument("<text>", "a name, or any text")
      .option("--limit <count>", "at most so many symbols, and so many lines", wholeNumber, 20)
      .option("--path <path>", "only this file, or files below this folder")
      .option("--regex", "the text is a regular expression (for lines only)")
      .addHelpText("after", "\nExample:\n  agentos search parseDate --limit 5"),

  async run(context, [text], options) {
    const { limit, path, regex } = options as unknown as Flags;
    const { signal } = context;
    const within = { limit, signal, ...(path && { path }) };
    return withIndex(context, async (project) => {
      const symbols = regex ? [] : await project.symbols(String(text), within);
      const lines = await project.search(String(text), { ...within, ...(regex && { regex }) });
      const shown = [
        ...symbols.map(
          (symbol) => `${symbol.path}:${symbol.line}  ${symbol.kind} ${symbol.name}  ${symbol.signature}`,
        ),
        ...lines.map((line) => `${line.path}:${line.line}: ${line.text.trim()}`),
      ];
      return {
        json: { symbols, lines },
        text: shown.length > 0 ? shown.map(printable).join("\n") : "nothing found",
      };
    });
  },
};
