/**
 * The inner product of a query and the vector that begins at a place. Four sums at once keep the processor busy, and a query
 * of float64 is not converted again for each vector.
 */
export function dot(query: Float64Array, vectors: Float32Array, start: number): number {
  const length = query.length;
  const end = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < end; i += 4) {
    a += (query[i] as number) * (vectors[start + i] as number);
    b += (query[i + 1] as number) * (vectors[start + i + 1] as number);
    c += (query[i + 2] as number) * (vectors[start + i + 2] as number);
    d += (query[i + 3] as number) * (vectors[start + i + 3] as number);
  }
  for (; i < length; i++) a += (query[i] as number) * (vectors[start + i] as number);
  return a + b + c + d;
}
