import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join, relative, resolve, sep } from "node:path";
import {
  type Candidate,
  entryFileOf,
  isAgentOSError,
  isSafePath,
  readCandidate,
  readTask,
  type Task,
} from "@agentos/core";
import { cliError } from "./errors.js";

/** Most broken lines that one error names. */
const MAX_PROBLEMS = 10;

/** Reads a text file. Throws `CLI_FILE_UNREADABLE`. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * Reads tasks: one JSON object or a list of them, or JSON Lines. Throws `CLI_DATA_INVALID` that names each broken line,
 * before anything is done with the sound ones.
 */
export async function readTasks(path: string): Promise<Task[]> {
  const tasks = await readRecords(path, readJudgeableTask);
  if (tasks.length === 0) throw cliError("CLI_DATA_INVALID", `${path} holds no task.`);
  const seen = new Set<string>();
  for (const { id } of tasks) {
    if (seen.has(id)) throw cliError("CLI_DATA_INVALID", `${path} holds two tasks with the id "${id}".`);
    seen.add(id);
  }
  return tasks;
}

function readJudgeableTask(value: unknown): Task {
  const task = readTask(value);
  const { visible = [], hidden = [] } = task.tests ?? {};
  if (visible.length + hidden.length > 0 || task.project !== undefined) return task;
  throw cliError(
    "CLI_DATA_INVALID",
    `task ${task.id} has neither tests nor a project: add tests.visible or tests.hidden, or name a project`,
  );
}

/**
 * Reads candidates for tasks, by task id. A source is a `.jsonl` or `.json` file of records `{ taskId, id?, files }` or
 * `{ taskId, id?, code }`; a folder, with a folder for each task id or, for one task, the candidates themselves (a file
 * is the entry file, a folder is all its files); or one source file, for one task.
 */
export async function readCandidates(
  sources: readonly string[],
  tasks: readonly Task[],
): Promise<Map<string, Candidate[]>> {
  const byTask = new Map<string, Candidate[]>(tasks.map((task) => [task.id, []]));
  const only = tasks.length === 1 ? tasks[0] : undefined;
  const add = (task: Task, candidate: Candidate, where: string) => {
    const known = byTask.get(task.id) ?? [];
    if (known.some(({ id }) => id === candidate.id)) {
      throw cliError(
        "CLI_DATA_INVALID",
        `${where}: task ${task.id} has a candidate "${candidate.id}" already.`,
      );
    }
    known.push(candidate);
  };
  for (const source of sources) {
    if ((await kindOf(source)) === "folder") {
      for (const task of tasks) {
        // A task's id is free text and must not lead out of the folder.
        const own = isSafePath(task.id) ? join(source, task.id) : undefined;
        const folder = own !== undefined && (await kindOf(own, true)) === "folder" ? own : only && source;
        if (folder === undefined) continue;
        for (const candidate of await candidatesIn(folder, task)) add(task, candidate, source);
      }
    } else if (/\.jsonl?$/i.test(source)) {
      const records = await readRecords(source, (value) => readRecord(value, tasks));
      for (const { task, candidate } of records) add(task, candidate, source);
    } else if (only) {
      add(only, fileCandidate(basename(source), await readText(source), only), source);
    } else {
      throw cliError(
        "CLI_DATA_INVALID",
        `${source} does not say which of the ${tasks.length} tasks it is for. Use a folder named after the task's id, or JSON Lines with taskId.`,
      );
    }
  }
  const without = tasks.filter((task) => byTask.get(task.id)?.length === 0);
  if (without.length > 0) {
    const ids = without.slice(0, MAX_PROBLEMS).map((task) => task.id);
    throw cliError("CLI_DATA_INVALID", `There is no candidate for task ${ids.join(", ")}.`, {
      details: { taskIds: ids },
    });
  }
  return byTask;
}

function readRecord(value: unknown, tasks: readonly Task[]): { task: Task; candidate: Candidate } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw cliError("CLI_DATA_INVALID", "not a JSON object");
  }
  const { taskId, code, ...rest } = value as Record<string, unknown>;
  const only = tasks.length === 1 ? tasks[0] : undefined;
  const task = taskId === undefined ? only : tasks.find(({ id }) => id === taskId);
  if (task === undefined) {
    throw cliError(
      "CLI_DATA_INVALID",
      taskId === undefined
        ? "taskId is missing, and there are several tasks"
        : `there is no task "${String(taskId)}"`,
    );
  }
  const files = rest["files"] ?? (typeof code === "string" ? { [entryFileOf(task)]: code } : undefined);
  const id =
    rest["id"] ??
    createHash("sha256")
      .update(JSON.stringify(files ?? null))
      .digest("hex")
      .slice(0, 12);
  return { task, candidate: readCandidate({ ...rest, id, files }) };
}

async function candidatesIn(folder: string, task: Task): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isFile()) candidates.push(fileCandidate(entry.name, await readText(path), task));
    else if (entry.isDirectory()) {
      candidates.push(readCandidate({ id: entry.name, files: await filesBelow(path, path) }));
    }
  }
  return candidates;
}

function fileCandidate(name: string, content: string, task: Task): Candidate {
  return readCandidate({
    id: basename(name, extname(name)) || name,
    files: { [entryFileOf(task)]: content },
  });
}

async function filesBelow(root: string, folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(files, await filesBelow(root, path));
    else if (entry.isFile()) files[relative(root, path).split(sep).join("/")] = await readText(path);
  }
  return files;
}

/** Reads JSON or JSON Lines, and every record in it; all that is broken is named at once, with file and line. */
async function readRecords<Value>(path: string, read: (value: unknown) => Value): Promise<Value[]> {
  const text = (await readText(path)).replace(/^\uFEFF/, "");
  const problems: string[] = [];
  const values: Value[] = [];
  const take = (where: string, make: () => unknown) => {
    try {
      values.push(read(make()));
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
      problems.push(`${where}: ${isAgentOSError(error) ? reason : `not JSON (${reason})`}`);
    }
  };
  if (/\.jsonl$/i.test(path)) {
    text.split("\n").forEach((line, index) => {
      if (line.trim() !== "") take(`${path}:${index + 1}`, () => JSON.parse(line));
    });
  } else {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (cause) {
      throw cliError("CLI_DATA_INVALID", `${path} is not JSON: ${(cause as Error).message}`, { cause });
    }
    if (!Array.isArray(parsed)) take(path, () => parsed);
    else for (const [index, value] of parsed.entries()) take(`${path}[${index}]`, () => value);
  }
  if (problems.length > 0) {
    const more = problems.length > MAX_PROBLEMS ? `; …and ${problems.length - MAX_PROBLEMS} more` : "";
    throw cliError(
      "CLI_DATA_INVALID",
      `${problems.slice(0, MAX_PROBLEMS).join("; ")}${more}. Nothing was done; mend the file and run it again.`,
      { details: { problems } },
    );
  }
  return values;
}

async function kindOf(path: string, mayMiss = false): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(resolve(path))).isDirectory() ? "folder" : "file";
  } catch (cause) {
    if (mayMiss) return undefined;
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): Error {
  const { code } = cause as NodeJS.ErrnoException;
  const reason =
    code === "ENOENT" ? "does not exist" : code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
  return cliError("CLI_FILE_UNREADABLE", `${path} ${reason}.`, { cause, details: { path } });
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}
