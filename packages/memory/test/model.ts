import type { Memory, RecalledMemory } from "@agentos/core";
import { HashedEmbedder, type RecallOptions, termsOf } from "../src/index.js";

/** The plain specification of recall: filter a list, score each by the formulas, sort. */
export class ModelMemory {
  readonly memories = new Map<string, Memory>();

  async recall(query: string, now: number, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    const scopes = options.scopes ?? [{ level: "user" }, { level: "shared" }];
    const visible = [...this.memories.values()].filter(
      (memory) =>
        scopes.some((scope) => scope.level === memory.scope.level && scope.id === memory.scope.id) &&
        (options.kinds === undefined || options.kinds.includes(memory.kind)) &&
        (options.tags ?? []).every((tag) => memory.tags.includes(tag)) &&
        memory.validFrom <= now &&
        (memory.validTo === undefined || now < memory.validTo),
    );
    const texts = visible.map((memory) =>
      [memory.content, ...(memory.tags.length ? [memory.tags.join(" ")] : [])].join("\n"),
    );
    const documents = texts.map(termsOf);
    const mean = documents.reduce((sum, terms) => sum + terms.length, 0) / documents.length || 1;
    const lexical = documents.map((terms) => {
      let score = 0;
      for (const term of termsOf(query)) {
        const holders = documents.filter((other) => other.includes(term)).length;
        const frequency = terms.filter((other) => other === term).length;
        const idf = Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5));
        score += (idf * frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * terms.length) / mean));
      }
      return score;
    });
    const [wanted = new Float32Array(), ...vectors] = await new HashedEmbedder().embed([query, ...texts]);
    const dense = vectors.map((vector) => {
      const cosine = vector.reduce((sum, value, i) => sum + value * (wanted[i] ?? 0), 0);
      return Math.max(0, cosine - 0.2);
    });
    const [bestLexical, bestDense] = [Math.max(0, ...lexical), Math.max(0, ...dense)];
    const weight = bestDense === 0 ? 1 : bestLexical === 0 ? 0 : 0.7;
    return visible
      .map((memory, i) => ({
        memory,
        score:
          (bestLexical === 0 ? 0 : (weight * (lexical[i] ?? 0)) / bestLexical) +
          (bestDense === 0 ? 0 : ((1 - weight) * (dense[i] ?? 0)) / bestDense),
      }))
      .filter((recalled) => recalled.score > 0 && recalled.score >= (options.minScore ?? 0))
      .sort((a, b) => b.score - a.score)
      .slice(0, options.limit ?? 10);
  }
}
