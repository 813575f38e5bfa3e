import {
  isAgentOSError,
  MEMORY_KINDS,
  type Scope,
  type Trust,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import * as v from "valibot";
import { memoryError } from "../errors.js";
import type { MemoryInput } from "../options.js";
import { scopeKey } from "../scope.js";
import type { Extractor, ProposedMemory, Turn } from "./extractor.js";
import { redactSecrets } from "./secrets/redact.js";

/** Options of {@link proposeMemories}. */
export interface ProposeOptions extends WaitOptions {
  /** Where all of them go. */
  readonly scope: Scope;
  /** `own` only when the turns and the extractor are both trusted. @default "outside" */
  readonly trust?: Trust;
  /** What is noted as their source. @default the extractor's name */
  readonly source?: string;
  /** At most so many are taken, 1 to 1,000. @default 32 */
  readonly limit?: number;
  /** Longest content of one, in bytes of UTF-8. @default 2_000 */
  readonly contentBytes?: number;
}

/** A proposal that was not taken. */
export interface RefusedProposal {
  /** Its place among the proposals, counted from 0. */
  readonly index: number;
  readonly reason: string;
}

/** What came of a call to an extractor. */
export interface Proposals {
  /** What `MemoryStore.remember` takes, secrets redacted. */
  readonly accepted: readonly MemoryInput[];
  readonly refused: readonly RefusedProposal[];
}

const SHOWN = 200;

const optionsSchema: v.GenericSchema<ProposeOptions> = v.strictObject({
  scope: v.custom<Scope>((value) => typeof value === "object" && value !== null),
  trust: v.optional(v.picklist(["own", "outside"])),
  source: v.optional(v.pipe(v.string(), v.nonEmpty())),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000))),
  contentBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  signal: v.optional(v.instance(AbortSignal)),
});

const turnsSchema: v.GenericSchema<readonly Turn[]> = v.array(
  v.strictObject({ role: v.picklist(["user", "assistant", "tool", "text"]), content: v.string() }),
);

/** A model may add keys of its own; they are left out, scope and trust among them. */
const proposalSchema: v.GenericSchema<unknown, ProposedMemory> = v.object({
  content: v.string(),
  kind: v.optional(v.picklist(MEMORY_KINDS)),
  tags: v.optional(v.pipe(v.array(v.pipe(v.string(), v.nonEmpty(), v.maxLength(200))), v.maxLength(64))),
  importance: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});

/**
 * Asks an extractor what to remember of some turns, and checks what it says item by item: what is malformed, empty, too
 * long, said twice or beyond the limit is refused with a reason, and the others are taken. Nothing is stored yet.
 * Throws `OPTIONS_INVALID`, `INPUT_INVALID` (turns), `MEMORY_SCOPE_INVALID`, `MEMORY_EXTRACTOR_FAILED`, `ABORTED`.
 */
export async function proposeMemories(
  extractor: Extractor,
  turns: readonly Turn[],
  options: ProposeOptions,
): Promise<Proposals> {
  const checked = validate(optionsSchema, options, { what: "Propose options" });
  const {
    scope,
    trust = "outside",
    source = extractor.name,
    limit = 32,
    contentBytes = 2_000,
    signal,
  } = checked;
  scopeKey(scope);
  validate(turnsSchema, turns, { what: "Turns", code: "INPUT_INVALID" });
  throwIfAborted(signal);
  const accepted: MemoryInput[] = [];
  const refused: RefusedProposal[] = [];
  const said = new Set<string>();
  for (const [index, item] of (await ask(extractor, turns, limit, signal)).entries()) {
    const read =
      accepted.length === limit ? `more than ${limit} were proposed` : readProposal(item, contentBytes);
    const reason =
      typeof read === "string" ? read : said.has(read.content) ? "it was proposed twice" : undefined;
    if (reason !== undefined || typeof read === "string") {
      // Of an endless list, the first refusals tell enough.
      if (refused.length < limit) refused.push({ index, reason: reason ?? "" });
      else if (accepted.length === limit) break;
      continue;
    }
    said.add(read.content);
    accepted.push({ ...read, scope, trust, source });
  }
  return { accepted, refused };
}

async function ask(
  extractor: Extractor,
  turns: readonly Turn[],
  limit: number,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  let answer: unknown;
  try {
    answer = await extractor.propose(turns, { limit, signal });
  } catch (cause) {
    throwIfAborted(signal);
    if (isAgentOSError(cause, "ABORTED")) throw cause;
    throw memoryError("MEMORY_EXTRACTOR_FAILED", `The extractor ${extractor.name} failed.`, { cause });
  }
  throwIfAborted(signal);
  if (Array.isArray(answer)) return answer;
  throw memoryError(
    "MEMORY_EXTRACTOR_FAILED",
    `The extractor ${extractor.name} must give a list of proposals, not ${answer === null ? "null" : typeof answer}.`,
  );
}

/** A proposal that can be taken, or why it cannot. */
function readProposal(item: unknown, contentBytes: number): ProposedMemory | string {
  const result = v.safeParse(proposalSchema, item);
  if (!result.success) {
    const [issue] = result.issues;
    return `${v.getDotPath(issue) ?? "value"}: ${issue.message}`.slice(0, SHOWN);
  }
  const { content: text, kind, tags, importance } = result.output;
  const bytes = Buffer.byteLength(text);
  if (bytes > contentBytes) return `its content has ${bytes} bytes; at most ${contentBytes} are allowed`;
  const content = redactSecrets(text.trim()).text;
  if (content === "") return "its content is empty";
  return {
    content,
    ...(kind === undefined ? {} : { kind }),
    ...(tags === undefined ? {} : { tags: tags.map((tag) => redactSecrets(tag).text) }),
    ...(importance === undefined ? {} : { importance }),
  };
}
