import { createHash } from "node:crypto";
import {
  type Candidate,
  changedPaths,
  LANGUAGES,
  type Language,
  readCandidate,
  SOURCE_EXTENSION,
  type Task,
  UNCHANGED,
} from "@agentos/core";
import type { AgentOS } from "@agentos/sdk";
import { mcpError } from "./errors.js";
import type { Project } from "./opened-project.js";

/** A change as a tool is given it. */
export interface Change {
  readonly patch?: string | undefined;
  readonly files?: Readonly<Record<string, string | null>> | undefined;
}

/** The agent's candidate: the same change has the same id. Without one, the project as it is. Throws `CANDIDATE_INVALID`. */
export function candidateOf({ patch, files = {} }: Change): Candidate {
  if (patch === undefined && Object.keys(files).length === 0) return UNCHANGED;
  const id = digest(JSON.stringify([patch ?? null, Object.entries(files).sort()]));
  const proposer = { agent: "mcp" };
  return readCandidate(patch === undefined ? { id, files, proposer } : { id, files, patch, proposer });
}

/** The task of the open project: the same words are the same task, so that what came of it teaches the next try. */
export async function taskOf(project: Project, prompt: string, candidate: Candidate): Promise<Task> {
  return {
    id: `mcp:${digest(prompt.replace(/\s+/g, " ").trim())}`,
    prompt,
    language:
      changedPaths(candidate)
        .map(languageOf)
        .find((language) => language !== undefined) ?? (await mainLanguage(project)),
    project: project.root,
  };
}

/** Throws `MCP_CHANGE_UNFIT` for a change that cannot be made to the project as it is. */
export async function mustFit(agentos: AgentOS, task: Task, candidate: Candidate): Promise<void> {
  const problem = candidate === UNCHANGED ? undefined : await agentos.sandbox.unfit(task, candidate);
  if (problem === undefined) return;
  throw mcpError(
    "MCP_CHANGE_UNFIT",
    `${problem} Make the patch anew from the files as they are now, or send whole files.`,
  );
}

/** What a change is for, as far as nobody says: those of the same files are tries at one task. */
export function promptOf(candidate: Candidate): string {
  return candidate === UNCHANGED
    ? "Judge the project as it is."
    : `Change ${[...changedPaths(candidate)].sort().join(", ")}.`;
}

/** The language in which a file can be run; undefined for any other. */
export function languageOf(path: string): Language | undefined {
  const plain = path.replace(/\.[cm]?([jt]s)x?$/, ".$1");
  return LANGUAGES.find((language) => plain.endsWith(SOURCE_EXTENSION[language]));
}

async function mainLanguage(project: Project): Promise<Language> {
  const { languages } = await project.stats();
  const [most] = LANGUAGES.filter((language) => (languages[language] ?? 0) > 0).sort(
    (one, other) => (languages[other] ?? 0) - (languages[one] ?? 0),
  );
  return most ?? "javascript";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
