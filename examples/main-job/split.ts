import { createHash } from "node:crypto";
import type { Exercise, LabelledCandidate } from "./exercises.js";

/** The share of candidates that is never proposed and never learned from. */
export const HELD_OUT_SHARE = 0.35;

/**
 * Whether a candidate is held out. It depends on the names alone, so it is the same in every run and nobody chooses:
 * the first 32 bits of SHA-256 over "task/file", as a fraction of 1.
 */
export function isHeldOut(taskId: string, file: string): boolean {
  const digest = createHash("sha256").update(`${taskId}/${file}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32 < HELD_OUT_SHARE;
}

/** An exercise in its two parts. */
export interface SplitExercise {
  readonly exercise: Exercise;
  /** Candidates that may be proposed and learned from, in file order. */
  readonly training: readonly LabelledCandidate[];
  readonly heldOut: readonly LabelledCandidate[];
}

/** Splits an exercise. A task whose candidates would all be held out keeps its first one for training. */
export function splitExercise(exercise: Exercise): SplitExercise {
  const held = exercise.candidates.filter(({ file }) => isHeldOut(exercise.task.id, file));
  const heldOut = held.length === exercise.candidates.length ? held.slice(1) : held;
  const training = exercise.candidates.filter((candidate) => !heldOut.includes(candidate));
  return { exercise, training, heldOut };
}
