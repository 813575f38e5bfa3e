/** A diagonal of the factor is at least this, where rounding would make it less. */
const LEAST = 1e-12;

/**
 * Solves A x = b for a symmetric, positive definite A by Cholesky's factors (Golub and Van Loan, "Matrix computations", 4.2).
 * @param matrix its lower half, row by row; is overwritten by the factor
 */
export function solve(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] as number;
      for (let at = 0; at < column; at += 1)
        sum -= (matrix[row * size + at] as number) * (matrix[column * size + at] as number);
      matrix[row * size + column] =
        row === column ? Math.sqrt(Math.max(LEAST, sum)) : sum / (matrix[column * size + column] as number);
    }
  }
  const solution = right.slice();
  for (let row = 0; row < size; row += 1) {
    let sum = solution[row] as number;
    for (let at = 0; at < row; at += 1) sum -= (matrix[row * size + at] as number) * (solution[at] as number);
    solution[row] = sum / (matrix[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = solution[row] as number;
    for (let at = row + 1; at < size; at += 1)
      sum -= (matrix[at * size + row] as number) * (solution[at] as number);
    solution[row] = sum / (matrix[row * size + row] as number);
  }
  return solution;
}
