/**
 * Counts tokens. The default estimates; inject a real tokenizer where the count must be exact.
 */
export type TokenCounter = (text: string) => number;

/**
 * Estimates tokens without a vocabulary: a word costs one token for each 6 letters begun, other characters one for each 2.
 * Meant to err upwards on code and prose, so that a budget is kept rather than missed.
 */
export const estimateTokens: TokenCounter = (text) => {
  let tokens = 0;
  for (const part of text.match(/[A-Za-z]+|[^A-Za-z\s]+/g) ?? []) {
    tokens += /^[A-Za-z]/.test(part) ? Math.ceil(part.length / 6) : Math.ceil(part.length / 2);
  }
  return tokens;
};
