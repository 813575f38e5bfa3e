import type { CommandDefinition } from "../context.js";
import { wholeNumber } from "../flags.js";
import { withIndex } from "../indexed.js";
import { printable } from "../output.js";
import { mustExist } from "../places.js";

interface Flags {
  readonly limit: number;
  readonly path?: string;
  readonly text?: boolean;
  readonly regex?: boolean;
  readonly word?: boolean;
  readonly caseSensitive?: boolean;
  readonly glob?: string;
}

/** `agentos search`: finds symbols and lines that have to do with a name, words or a text. */
export const searchCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("search")
      .description("find symbols and lines in the project, best first; or all lines that hold a text")
      .argument("<text>", "a name, some words, or any text")
      .option("--limit <count>", "at most so many results", wholeNumber, 20)
      .option("--path <path>", "only this file, or files below this folder")
      .option("--text", "only lines that hold the text, by file and line")
      .option("--regex", "lines that fit the text as a regular expression")
      .option("--word", "lines that hold the text as whole words")
      .option("--case-sensitive", "upper and lower case are told apart, in lines")
      .option("--glob <pattern>", "lines of files that fit a pattern, for example *.ts")
      .addHelpText(
        "after",
        '\nExamples:\n  agentos search parseDate --limit 5\n  agentos search "TODO|FIXME" --regex',
      ),

  async run(context, [given], options) {
    const { limit, path, text, regex, word, caseSensitive, glob } = options as unknown as Flags;
    const { signal } = context;
    const wanted = String(given);
    const within = { limit, signal, ...(path && { path }) };
    return withIndex(context, async (project) => {
      if (text || regex || word || caseSensitive || glob) {
        const how = { ...(regex && { regex }), ...(word && { word }), ...(glob && { glob }) };
        const cased = { ...(caseSensitive && { caseSensitive }) };
        const lines = await project.searchText(wanted, { ...within, ...how, ...cased });
        if (lines.length === 0 && path) await mustExist(project.root, path);
        return shown(
          { lines },
          lines.map((line) => `${line.path}:${line.line}: ${line.text.trim()}`),
        );
      }
      const hits = await project.search(wanted, within);
      if (hits.length === 0 && path) await mustExist(project.root, path);
      return shown(
        { hits },
        hits.map(({ path: file, line, symbol, text: what }) =>
          symbol === undefined
            ? `${file}:${line}: ${what}`
            : `${file}:${line}  ${symbol.kind} ${symbol.name}  ${what}`,
        ),
      );
    });
  },
};

function shown(json: unknown, lines: readonly string[]): { readonly json: unknown; readonly text: string } {
  return { json, text: lines.length > 0 ? lines.map(printable).join("\n") : "nothing found" };
}
