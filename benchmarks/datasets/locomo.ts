import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { findFiles } from "./find-files.js";
import { brokenLine, type Source, unreadable } from "./read-lines.js";

/** One thing that somebody said. */
export interface LocomoTurn {
  /** For example "D1:3": the third turn of the first session. */
  readonly id: string;
  readonly speaker: string;
  readonly text: string;
}

/** What was said on one occasion. */
export interface LocomoSession {
  readonly number: number;
  /** For example "1:56 pm on 8 May, 2023". */
  readonly date: string;
  readonly turns: readonly LocomoTurn[];
}

/** A question whose answer is in the conversation. */
export interface LocomoQuestion {
  readonly text: string;
  /** 1 multi-hop, 2 temporal, 3 open-domain, 4 single-hop. */
  readonly category: number;
  /** Ids of the turns that hold the answer, at least one. */
  readonly evidence: readonly string[];
}

/** One long conversation. */
export interface LocomoConversation {
  readonly id: string;
  readonly sessions: readonly LocomoSession[];
  readonly questions: readonly LocomoQuestion[];
}

const PUBLISHED = "https://github.com/snap-research/locomo";

/**
 * Reads the conversations of LoCoMo in `memory/locomo-*.json`. Questions of category 5 (adversarial: the conversation does
 * not answer them) and those without a turn as evidence are left out. Throws `DATASET_MISSING`, `DATASET_UNREADABLE`,
 * `DATASET_LINE_BROKEN` or `ABORTED`.
 */
export async function readLocomo(data: string, signal?: AbortSignal): Promise<readonly LocomoConversation[]> {
  throwIfAborted(signal);
  const conversations: LocomoConversation[] = [];
  for (const file of await findFiles(join(data, "memory"), /^locomo-.*\.json$/, PUBLISHED)) {
    conversations.push(...(await readSamples({ file, published: PUBLISHED })));
  }
  return conversations;
}

async function readSamples(source: Source): Promise<readonly LocomoConversation[]> {
  let samples: unknown;
  try {
    samples = JSON.parse(await readFile(source.file, "utf8"));
  } catch (cause) {
    throw unreadable(source, cause);
  }
  if (!Array.isArray(samples)) throw brokenLine(source, 1, "it is not a list of conversations");
  return (samples as readonly Sample[]).map(conversationOf);
}

interface Sample {
  readonly sample_id?: string;
  readonly conversation: Readonly<Record<string, unknown>>;
  readonly qa: readonly {
    readonly question: string;
    readonly category: number;
    readonly evidence?: readonly unknown[];
  }[];
}

interface Turn {
  readonly dia_id: string;
  readonly speaker: string;
  readonly text: string;
  /** What a picture that was sent shows. */
  readonly blip_caption?: string;
}

function conversationOf({ sample_id = "", conversation, qa }: Sample): LocomoConversation {
  const sessions = Object.entries(conversation)
    .flatMap(([name, turns]) => {
      const number = Number(/^session_(\d+)$/.exec(name)?.[1]);
      return Number.isNaN(number) ? [] : [{ number, turns: turns as readonly Turn[] }];
    })
    .sort((one, other) => one.number - other.number)
    .map(({ number, turns }) => ({
      number,
      date: String(conversation[`session_${number}_date_time`] ?? ""),
      turns: turns.map(({ dia_id, speaker, text, blip_caption }) => ({
        id: dia_id,
        speaker,
        text: blip_caption === undefined ? text : `${text} [${blip_caption}]`,
      })),
    }));
  const ids = new Set(sessions.flatMap(({ turns }) => turns.map(({ id }) => id)));
  const questions = qa
    .filter(({ category }) => category !== 5)
    .map(({ question, category, evidence = [] }) => ({
      text: question,
      category,
      // Some entries name several turns in one text.
      evidence: [...new Set(evidence.flatMap((entry) => String(entry).split(/[;,\s]+/)))].filter((id) =>
        ids.has(id),
      ),
    }))
    .filter(({ evidence }) => evidence.length > 0);
  return { id: sample_id, sessions, questions };
}
