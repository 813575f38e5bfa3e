import type { Clock } from "../clock.js";
import type { Journal, JournalEntry } from "../contracts.js";
import { coreError } from "../errors.js";
import type { SolveSteps } from "./types.js";

/**
 * The steps of one solve. A step that was journalled before is read instead of repeated, which is what makes a solve
 * resumable: after the same steps it stands where it stood.
 */
export class SolveJournal {
  readonly #journal: Journal | undefined;
  readonly #clock: Clock;
  readonly #recorded: readonly JournalEntry[];
  readonly solveId: string;
  #index = 0;

  constructor(
    solveId: string,
    recorded: readonly JournalEntry[],
    journal: Journal | undefined,
    clock: Clock,
  ) {
    this.solveId = solveId;
    this.#recorded = recorded;
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Whether the next step was journalled before, so that it costs nothing. */
  get replaying(): boolean {
    return this.#index < this.#recorded.length;
  }

  /** The type of the next journalled step. */
  get nextType(): string | undefined {
    return this.#recorded[this.#index]?.type;
  }

  /** When the solve began, in milliseconds since 1970. */
  get startedAt(): number {
    return this.#recorded[0]?.at ?? this.#clock();
  }

  /** Reads the step if it is journalled, else does the work and journals it. */
  async step<Type extends keyof SolveSteps>(
    type: Type,
    work: () => Promise<SolveSteps[Type]>,
  ): Promise<SolveSteps[Type]> {
    const entry = this.#recorded[this.#index];
    if (entry) {
      if (entry.type !== type) {
        throw coreError(
          "SOLVE_MISMATCH",
          `Solve ${this.solveId} recorded "${entry.type}" where "${type}" comes now. Resume it with the task and options it was started with, or start a new solve.`,
        );
      }
      this.#index += 1;
      return entry.data as SolveSteps[Type];
    }
    const data = await work();
    await this.#journal?.append({ solveId: this.solveId, index: this.#index, type, at: this.#clock(), data });
    this.#index += 1;
    return data;
  }
}
