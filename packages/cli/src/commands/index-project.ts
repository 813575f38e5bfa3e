import { type CommandContext, type CommandDefinition, withAgentOS } from "../context.js";
import { type Project, updateIndex } from "../indexed.js";
import { printable } from "../output.js";

/** Changed files that are named at a time. */
const MOST_NAMED = 20;

/** Why files are in the index by their names alone, or by their text alone. */
const SKIPPED: Readonly<Record<string, string>> = {
  large: "too large",
  binary: "binary",
  unreadable: "cannot be read",
  unparsed: "cannot be parsed",
};

/** `agentos index`: brings the index of the project up to date, and keeps it so on request. */
export const indexCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("index")
      .description("bring the index of the project up to date")
      .option("--watch", "keep it up to date and say what changes, until Ctrl-C")
      .addHelpText("after", "\nExamples:\n  agentos index\n  agentos index --watch"),

  async run(context, _args, options) {
    return withAgentOS(context, async ({ project }) => {
      if (project === undefined) throw new Error("the command always opens a project");
      await updateIndex(context, project);
      context.progress.end();
      if (options["watch"]) await watchUntilCancelled(context, project);
      const stats = await project.stats();
      const { files, symbols, parsedSinceOpen, skipped } = stats;
      const reasons = Object.entries(skipped).map(
        ([reason, count]) => `${count} ${SKIPPED[reason] ?? reason}`,
      );
      const lines = [
        `${files} files, ${symbols} symbols; ${parsedSinceOpen} files were parsed now`,
        ...(reasons.length > 0 ? [`without symbols: ${reasons.join(", ")}`] : []),
      ];
      return { json: stats, text: lines.join("\n") };
    });
  },
};

/** Says what changes, line by line, on the error stream. */
async function watchUntilCancelled({ signal, progress }: CommandContext, project: Project): Promise<void> {
  if (signal.aborted) return;
  const cancelled = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const tell = (text: string): void => progress.line(printable(text));
  const watch = project.watch({
    onChange: ({ changed, removed }) => {
      const lines = [
        ...changed.map((path) => `changed ${path}`),
        ...removed.map((path) => `removed ${path}`),
      ];
      for (const line of lines.slice(0, MOST_NAMED)) tell(line);
      if (lines.length > MOST_NAMED) tell(`and ${lines.length - MOST_NAMED} more`);
    },
    onError: (error) => tell(error instanceof Error ? error.message : String(error)),
  });
  try {
    await Promise.race([watch.ready.then(() => tell(`watching ${project.root}`)), cancelled]);
    await cancelled;
  } finally {
    await watch.close();
  }
}
