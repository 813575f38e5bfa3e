/** The vectors of an answer in the order of the texts, or what is wrong with it. `dimensions` undefined: any length, one for all. */
export function readAnswer(
  body: string,
  texts: number,
  dimensions: number | undefined,
): readonly Float32Array[] | string {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return "with something that is not JSON";
  }
  const data =
    typeof answer === "object" && answer !== null ? (answer as { data?: unknown }).data : undefined;
  if (!Array.isArray(data)) return 'without a list "data"';
  if (data.length !== texts) return `with ${data.length} vectors for ${texts} texts`;
  const vectors: Float32Array[] = [];
  let length = dimensions;
  for (const [place, item] of data.entries()) {
    const { index = place, embedding } = (item ?? {}) as { index?: unknown; embedding?: unknown };
    // Endpoints may answer in any order, and say which text each vector is of.
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= texts) {
      return "with a vector of no text";
    }
    if (vectors[index] !== undefined) return `with two vectors of text ${index}`;
    if (!Array.isArray(embedding) || embedding.length === 0) return "with something that is not a vector";
    length ??= embedding.length;
    if (embedding.length !== length) return `with a vector of ${embedding.length} numbers, not ${length}`;
    if (!embedding.every((value) => typeof value === "number")) return "with a vector that is not of numbers";
    const vector = Float32Array.from(embedding as readonly number[]);
    if (!vector.every(Number.isFinite)) return "with a number that is too large";
    vectors[index] = vector;
  }
  return vectors;
}
