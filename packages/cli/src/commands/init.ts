import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config-schema.js";
import { type CommandDefinition, withAgentOS } from "../context.js";
import { cliError } from "../errors.js";
import { updateIndex } from "../indexed.js";

interface Flags {
  readonly config?: boolean;
  readonly index: boolean;
}

const CONFIG_FILE = "agentos.config.json";

/** `agentos init`: makes the folder, and indexes the project. */
export const initCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("init")
      .description("make the folder that everything is kept in, and index the project")
      .option("--config", `also write ${CONFIG_FILE} to start from: limits, budget, size of briefs`)
      .option("--no-index", "do not index yet")
      .addHelpText("after", "\nExample:\n  agentos init --config"),

  async run(context, _args, options) {
    const flags = options as unknown as Flags;
    return withAgentOS(context, async (agentos, { project, config }) => {
      const configFile = flags.config ? join(project, CONFIG_FILE) : undefined;
      if (configFile !== undefined) await writeConfig(configFile, config);
      if (flags.index && agentos.project) await updateIndex(context, agentos.project);
      context.progress.end();
      const stats = await agentos.project?.stats();
      const made = [`kept in ${agentos.dir}`, ...(configFile ? [`wrote ${configFile}`] : [])];
      const indexed = flags.index && stats ? [`indexed ${stats.files} files, ${stats.symbols} symbols`] : [];
      return {
        json: {
          dir: agentos.dir,
          project,
          identity: agentos.identity,
          configFile,
          index: flags.index ? stats : undefined,
        },
        text: [...made, ...indexed].join("\n"),
      };
    });
  },
};

/** Only what says nothing of the user: needs, endpoints and keys stay in the user's own file, and would be refused here. */
async function writeConfig(path: string, { limits, budget, briefTokens = 4_000 }: Config): Promise<void> {
  const shared = { limits: { wallMs: 10_000, ...limits }, budget: { tries: 8, ...budget }, briefTokens };
  const text = `${JSON.stringify(shared, null, 2)}\n`;
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw cliError("CLI_FILE_EXISTS", `${path} exists already and was left as it is.`, { cause });
  }
}
