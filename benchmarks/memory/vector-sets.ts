import { HashedEmbedder } from "@agentos/memory";
import { readCosqa } from "../datasets/cosqa.js";
import { readLocomo } from "../datasets/locomo.js";
import { type Random, sample, seededRandom } from "../lib/random.js";

/** Vectors, and the vectors of queries over them. */
export interface VectorSet {
  readonly name: string;
  readonly vectors: readonly Float32Array[];
  readonly queries: readonly Float32Array[];
}

const DIMENSIONS = 256;
const VECTORS = 10_000;
const QUERIES = 200;
const CENTRES = 500;

/**
 * Hashed vectors of functions and turns of conversations, asked by the queries that come with them: those that no vector
 * set flatters, since they are lexical and mostly unlike. And seeded random ones around centres, as meaning clusters.
 */
export async function vectorSets(data: string, signal: AbortSignal): Promise<readonly VectorSet[]> {
  return [await textSet(data, signal), clusteredSet(seededRandom("agentos-vectors-1"))];
}

async function textSet(data: string, signal: AbortSignal): Promise<VectorSet> {
  const cosqa = await readCosqa(data, signal);
  const conversations = await readLocomo(data, signal);
  const turns = conversations.flatMap(({ sessions }) => sessions.flatMap((session) => session.turns));
  const sessions = conversations.flatMap((each) => each.sessions);
  const texts = [
    ...cosqa.functions,
    ...turns.map(({ speaker, text }) => `${speaker}: ${text}`),
    // Neighbouring turns together, until there are enough.
    ...sessions.flatMap((session) =>
      session.turns.map((turn, place) => `${turn.text} ${session.turns[place + 1]?.text ?? session.date}`),
    ),
  ].slice(0, VECTORS);
  const questions = [
    ...cosqa.queries.map(({ text }) => text),
    ...conversations.flatMap((each) => each.questions.map(({ text }) => text)),
  ];
  const embedder = new HashedEmbedder(DIMENSIONS);
  const asked = sample(questions, QUERIES, seededRandom("agentos-vectors-2"));
  return {
    name: "texts",
    vectors: await embedder.embed(texts, { signal }),
    queries: await embedder.embed(asked, { signal }),
  };
}

/** Each vector is a centre and as much of its own. */
function clusteredSet(random: Random): VectorSet {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const some = (): Float32Array => Float32Array.from({ length: DIMENSIONS }, normal);
  const centres = Array.from({ length: CENTRES }, some);
  const member = (): Float32Array => {
    const centre = centres[Math.floor(random() * CENTRES)] ?? some();
    return centre.map((value) => value + normal());
  };
  return {
    name: "clustered",
    vectors: Array.from({ length: VECTORS }, member),
    queries: Array.from({ length: QUERIES }, member),
  };
}
