import type { AgentOS } from "@agentos/sdk";
import { type CommandContext, withAgentOS } from "./context.js";
import { printable } from "./output.js";

type Project = NonNullable<AgentOS["project"]>;

/** Works with the project's index, brought up to date. */
export function withIndex<Result>(
  context: CommandContext,
  work: (project: Project) => Promise<Result>,
): Promise<Result> {
  const { signal, progress } = context;
  return withAgentOS(context, async ({ project }) => {
    if (project === undefined) throw new Error("the command always opens a project");
    await project.index({
      signal,
      onProgress: ({ done, total, path }) => progress.status(`indexing ${done}/${total} ${printable(path)}`),
    });
    const result = await work(project);
    progress.end();
    return result;
  });
}

export type { Project };
