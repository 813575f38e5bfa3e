import { hashText } from "./hash.js";
import { shingles } from "./shingles.js";

/** Word shingles of a prompt, by which tasks are found that ask for nearly the same. */
export function promptElements(prompt: string): Uint32Array {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return shingles(words.map(hashText), 2, 3);
}
