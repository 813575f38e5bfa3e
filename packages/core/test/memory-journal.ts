import type { Journal, JournalEntry } from "../src/index.js";

/** The executable specification of a journal: everything in one array. */
export class MemoryJournal implements Journal {
  readonly entries: JournalEntry[] = [];

  async append(entry: JournalEntry): Promise<void> {
    const next = this.entries.filter((one) => one.solveId === entry.solveId).length;
    if (entry.index !== next) throw new Error(`index ${entry.index} where ${next} comes next`);
    this.entries.push(structuredClone(entry));
  }

  async read(solveId: string): Promise<readonly JournalEntry[]> {
    return this.entries.filter((entry) => entry.solveId === solveId);
  }

  async solves(): Promise<readonly string[]> {
    return [...new Set(this.entries.map((entry) => entry.solveId))];
  }
}
