import type { Language, Needs, RunLimits, RunRequest, RunResult } from "@agentos/core";
import type { Collected, DriverResult, RunHooks } from "./driver.js";
import { sandboxError } from "./errors.js";
import { askedLimits, DEFAULT_LIMITS } from "./options.js";
import { type FileChange, patchOf } from "./patch.js";
import { openProject, type Project } from "./project.js";
import type { DriverRegistry } from "./registry.js";
import { type CheckedRequest, readRequest } from "./request.js";
import { typesStripped } from "./types-stripped.js";
import type { ProjectBases, ProjectLimits } from "./workspace/bases.js";
import { unplaceable } from "./workspace.js";

/** What a sandbox has for its runs. */
export interface RunContext {
  readonly registry: DriverRegistry;
  readonly bases: ProjectBases;
  readonly needs: Needs;
  readonly limits: RunLimits;
  readonly sizes: ProjectLimits;
}

/** Runs one program. */
export async function runProgram(
  context: RunContext,
  value: RunRequest,
  hooks: RunHooks,
): Promise<RunResult> {
  const request = readRequest(value);
  const { project: folder, language } = request;
  if (folder === undefined) return runIn(context, request, undefined, hooks);
  const project = await openProject(
    context.bases,
    { project: folder, language },
    language === "typescript",
    context.sizes,
  );
  try {
    if (!request.files.has(request.entry) && !project.paths.has(request.entry)) {
      throw sandboxError(
        "SANDBOX_REQUEST_INVALID",
        `Run request: the entry ${JSON.stringify(request.entry)} is neither among its files nor in the project.`,
      );
    }
    const unfit = unplaceable({ files: request.files, deleted: project.deleted }, project);
    if (unfit !== undefined) throw sandboxError("SANDBOX_REQUEST_INVALID", `Run request: ${unfit}.`);
    return await runIn(context, request, project, hooks);
  } finally {
    await project.close();
  }
}

async function runIn(
  context: RunContext,
  request: CheckedRequest,
  project: Project | undefined,
  hooks: RunHooks,
): Promise<RunResult> {
  const { language, entry, args, stdin, collect } = request;
  const driver = await context.registry.choose({
    language,
    needs: request.needs ?? context.needs,
    limits: askedLimits(context.limits, request.limits),
    driver: request.driver,
    projects: project !== undefined,
    collects: collect !== undefined,
  });
  const files = new Map<string, string | Uint8Array>([...(project?.changed ?? []), ...request.files]);
  const tolerated = new Set(project?.changed.keys());
  const stripped =
    language === "typescript" ? typesStripped(files, tolerated) : ({ ok: true, files } as const);
  if (!stripped.ok) {
    return {
      status: "invalid",
      message: stripped.message,
      usage: { outputBytes: 0, queueMs: 0, warm: false },
      driver: driver.name,
      mechanism: driver.mechanism,
      guarantees: driver.guarantees,
      enforced: [],
      stdout: "",
      stderr: "",
      truncated: false,
      durationMs: 0,
    };
  }
  const ran = await driver.run(
    {
      entry,
      args,
      stdin,
      language: plainLanguage(language),
      files: stripped.files,
      limits: { ...DEFAULT_LIMITS, ...context.limits, ...request.limits },
      ...(collect ? { collect } : {}),
      ...(project ? { base: project.base, deleted: project.deleted, mounts: project.mounts } : {}),
    },
    hooks,
  );
  return withCollected(ran, request, project);
}

function plainLanguage(language: Language): Language {
  return language === "typescript" ? "javascript" : language;
}

/** Adds what was collected to a result: artifacts, and the changes as a patch. */
function withCollected(
  { result, collected }: DriverResult,
  { collect, files }: CheckedRequest,
  project: Project | undefined,
): RunResult {
  if (!collect || !collected) return result;
  const asked = (path: string): boolean =>
    collect.paths.some((wanted) => path === wanted || path.startsWith(`${wanted}/`));
  const artifacts = Object.fromEntries([...collected.files].filter(([path]) => asked(path)));
  return {
    ...result,
    ...(collect.paths.length > 0 ? { artifacts } : {}),
    ...(collected.refused.length > 0 ? { refusedArtifacts: collected.refused } : {}),
    ...(collect.changes && collected.complete
      ? { patch: patchOf(changesOf(collected, files, project)) }
      : {}),
  };
}

/** What differs from the files that the run began with. */
function changesOf(
  collected: Collected,
  files: ReadonlyMap<string, string | Uint8Array>,
  project: Project | undefined,
): readonly FileChange[] {
  const before = (path: string): Uint8Array | undefined => {
    const own = files.get(path) ?? project?.read(path);
    return typeof own === "string" ? Buffer.from(own, "utf8") : own;
  };
  const changes: FileChange[] = [];
  for (const [path, after] of collected.files) {
    const old = before(path);
    if (old === undefined || !Buffer.from(old).equals(after)) changes.push({ path, before: old, after });
  }
  const gone = [...(project?.paths ?? []), ...files.keys()].filter((path) => !collected.present?.has(path));
  for (const path of new Set(gone)) {
    const old = before(path);
    if (old !== undefined) changes.push({ path, before: old, after: undefined });
  }
  return changes.sort((one, other) => (one.path < other.path ? -1 : 1));
}
