import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { type LexicalWeights, type MemoryInput, MemoryStore } from "@agentos/memory";
import { Store } from "@agentos/store";
import { type LocomoConversation, type LocomoSession, readLocomo } from "../datasets/locomo.js";
import type { Metric } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { PlainBm25 } from "./bm25.js";
import type { MemoryBench } from "./context.js";
import { hit, mean, ndcg, recall } from "./scores.js";

/** Among these the weights are chosen, for each conversation on the others. */
const GRID: readonly LexicalWeights[] = [0.2, 0.4, 0.6].flatMap((grams) =>
  [0.3, 0.5, 0.7].flatMap((whole) =>
    [0.2, 0.35, 0.5].map((neighbours) => ({ grams, whole, neighbours, alike: 1 })),
  ),
);

const SCOPE = { level: "user" } as const;

/** How one question was answered. */
interface Answer {
  readonly hit1: number;
  readonly ndcg5: number;
  readonly recall10: number;
}

/**
 * Sessions of long conversations, one memory each: which session a question is answered in, and which turns. No model. The
 * weights are chosen leaving one conversation out: what is reported of a conversation was not tuned on it.
 */
export async function locomoPart(bench: MemoryBench): Promise<PartResult> {
  const conversations = await readLocomo(bench.data, bench.signal);
  const progress = new Progress(bench.progress, "LoCoMo", conversations.length * GRID.length);
  const answers: Answer[][][] = [];
  const plain: Answer[] = [];
  try {
    for (const conversation of conversations) {
      plain.push(...plainAnswers(conversation));
      answers.push(await allAnswers(bench, conversation, () => progress.tick()));
    }
  } finally {
    progress.end();
  }
  const chosen = conversations.map((_, left) =>
    bestSetting(answers.filter((_each, index) => index !== left)),
  );
  const told = answers.flatMap((settings, index) => settings[chosen[index] ?? 0] ?? []);
  const hit1 = mean(told.map((answer) => answer.hit1));
  const plainHit1 = mean(plain.map((answer) => answer.hit1));
  const describe = (index: number): string =>
    Object.values(GRID[index] ?? {})
      .slice(0, 3)
      .join("/");
  const ordinary = GRID.findIndex(
    ({ grams, whole, neighbours }) => grams === 0.4 && whole === 0.5 && neighbours === 0.35,
  );
  const byDefault = answers.flatMap((settings) => settings[ordinary] ?? []);
  return {
    metrics: [
      score("locomo.session_hit1", hit1),
      score("locomo.session_hit1_minus_bm25", hit1 - plainHit1, 0.08),
      score("locomo.session_ndcg5", mean(told.map(({ ndcg5 }) => ndcg5)), 0.81),
      score("locomo.turn_recall10", mean(told.map(({ recall10 }) => recall10)), 0.72),
    ],
    notes: [
      `locomo: ${conversations.length} conversations, ${told.length} questions; plain BM25 has Hit@1 ${plainHit1.toFixed(3)}, NDCG@5 ${mean(plain.map(({ ndcg5 }) => ndcg5)).toFixed(3)}`,
      `locomo: weights (grams/whole/neighbours) chosen without each conversation: ${chosen.map(describe).join(", ")}`,
      `locomo: with the default weights Hit@1 ${mean(byDefault.map((answer) => answer.hit1)).toFixed(3)}, NDCG@5 ${mean(byDefault.map(({ ndcg5 }) => ndcg5)).toFixed(3)}, turn recall@10 ${mean(byDefault.map(({ recall10 }) => recall10)).toFixed(3)}`,
    ],
  };
}

/** The setting with the best mean of the three figures over all questions. */
function bestSetting(answers: readonly Answer[][][]): number {
  const means = GRID.map((_, setting) =>
    mean(
      answers
        .flatMap((each) => each[setting] ?? [])
        .map((answer) => answer.hit1 + answer.ndcg5 + answer.recall10),
    ),
  );
  return means.indexOf(Math.max(...means));
}

/** Answers of each setting. */
async function allAnswers(
  { folder, signal }: MemoryBench,
  conversation: LocomoConversation,
  onDone: () => void,
): Promise<Answer[][]> {
  const store = await Store.open({ dir: await mkdtemp(join(folder, "locomo-")) });
  const sessionOf = new Map<string, LocomoSession>();
  const answers: Answer[][] = [];
  try {
    for (const lexical of GRID) {
      throwIfAborted(signal);
      const memory = await MemoryStore.open({ store, lexical });
      try {
        if (sessionOf.size === 0) {
          for (const session of conversation.sessions) {
            const { id } = await memory.remember(memoryOf(session));
            sessionOf.set(id, session);
          }
        }
        answers.push(await answersOf(memory, conversation, sessionOf));
      } finally {
        await memory.close();
      }
      onDone();
    }
  } finally {
    await store.close();
  }
  return answers;
}

async function answersOf(
  memory: MemoryStore,
  { questions }: LocomoConversation,
  sessionOf: ReadonlyMap<string, LocomoSession>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { text, evidence } of questions) {
    const sessions = (await memory.recall(text, { limit: 5 })).map((recalled) =>
      sessionOf.get(recalled.memory.id),
    );
    const turns = (await memory.passages(text, { limit: 11 })).flatMap((passage) => {
      const session = sessionOf.get(passage.memory.id);
      const line = passage.memory.content.slice(0, passage.start).split("\n").length - 1;
      // The first line is the date.
      return session?.turns[line - 1]?.id ?? [];
    });
    answers.push(
      rated(
        sessions.map((session) => session?.number),
        turns,
        evidence,
      ),
    );
  }
  return answers;
}

function plainAnswers({ sessions, questions }: LocomoConversation): Answer[] {
  const bySession = new PlainBm25(sessions.map((session) => memoryOf(session).content));
  const turns = sessions.flatMap((session) => session.turns);
  const byTurn = new PlainBm25(turns.map(({ speaker, text }) => `${speaker}: ${text}`));
  return questions.map(({ text, evidence }) =>
    rated(
      bySession.rank(text).map((place) => sessions[place]?.number),
      byTurn.rank(text).map((place) => turns[place]?.id),
      evidence,
    ),
  );
}

function rated(
  sessions: readonly (number | undefined)[],
  turns: readonly (string | undefined)[],
  evidence: readonly string[],
): Answer {
  const wanted = new Set(evidence.map((id) => Number(/^D(\d+)/.exec(id)?.[1])));
  return {
    hit1: hit(sessions, wanted, 1),
    ndcg5: ndcg(sessions, wanted, 5),
    recall10: recall(turns, new Set(evidence), 10),
  };
}

/** A session as what an agent would remember of it: when it was, then a line for each turn. */
function memoryOf({ date, turns }: LocomoSession): MemoryInput {
  const lines = turns.map(({ speaker, text }) => `${speaker}: ${text.replaceAll("\n", " ")}`);
  return { content: [date, ...lines].join("\n"), kind: "event", scope: SCOPE };
}

function score(name: string, value: number, atLeast?: number): Metric {
  return { name, value, unit: "score", ...(atLeast === undefined ? {} : { target: { atLeast } }) };
}
