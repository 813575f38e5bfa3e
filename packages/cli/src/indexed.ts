import type { AgentOS } from "@agentos/sdk";
import { type CommandContext, withAgentOS } from "./context.js";
import { printable } from "./output.js";

export type Project = NonNullable<AgentOS["project"]>;

/** Works with the project's index, brought up to date. */
export function withIndex<Result>(
  context: CommandContext,
  work: (project: Project) => Promise<Result>,
): Promise<Result> {
  return withAgentOS(context, async ({ project }) => {
    if (project === undefined) throw new Error("the command always opens a project");
    await updateIndex(context, project);
    const result = await work(project);
    context.progress.end();
    return result;
  });
}

/** Brings the index up to date and shows how far that has come. */
export async function updateIndex({ signal, progress }: CommandContext, project: Project): Promise<void> {
  await project.index({
    signal,
    onProgress: ({ done, total, path }) => progress.status(`indexing ${done}/${total} ${printable(path)}`),
  });
}
