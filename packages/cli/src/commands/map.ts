import type { CommandDefinition } from "../context.js";
import { wholeNumber } from "../flags.js";
import { withIndex } from "../indexed.js";
import { printable } from "../output.js";
import { mustExist } from "../places.js";

interface Flags {
  readonly tokens: number;
  readonly open?: readonly string[];
  readonly changed?: readonly string[];
  readonly name?: readonly string[];
}

/** `agentos map`: the files and signatures that matter, within a number of tokens. */
export const mapCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("map")
      .description("show the files and signatures that matter most, for a prompt")
      .argument("[task...]", "what is to be done, in words; names and paths in it count more")
      .option("--tokens <count>", "at most so many tokens", wholeNumber, 1024)
      .option("--open <path...>", "files that are in the prompt already: what they use comes first")
      .option("--changed <path...>", "files that have changed")
      .option("--name <name...>", "names that matter")
      .addHelpText(
        "after",
        '\nExamples:\n  agentos map --tokens 2000\n  agentos map "dates are parsed in the wrong time zone"',
      ),

  async run(context, [task], options) {
    const { tokens, open, changed, name } = options as unknown as Flags;
    const words = [task].flat().join(" ");
    const { signal } = context;
    return withIndex(context, async (project) => {
      const map = await project.repoMap({
        tokens,
        signal,
        ...(words !== "" && { task: words }),
        ...(open && { open }),
        ...(changed && { changed }),
        ...(name && { names: name }),
      });
      const text = map.text.split("\n").map(printable).join("\n").trimEnd();
      for (const path of open ?? []) await mustExist(project.root, path);
      const { languages } = await project.stats();
      const nothing =
        Object.keys(languages).length === 0
          ? "nothing found: no file of the project is in a language that is parsed"
          : `nothing fits in ${tokens} tokens: raise --tokens`;
      return { json: map, text: text === "" ? nothing : text };
    });
  },
};
