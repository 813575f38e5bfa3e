import type { Lesson } from "@agentos/core";
import { plainText } from "../plain-text.js";
import { promptElements } from "../text/prompt.js";
import { byTime, type FormEntry } from "./form.js";
import { InvertedIndex } from "./inverted-index.js";
import type { IndexedTask, OutcomeIndex } from "./outcome-index.js";

/** Prompts at least this alike ask for nearly the same. */
const NEAR_TASK = 0.4;
const CITED = 20;

/** Finds tasks whose prompt is like another's. */
export class TaskIndex {
  readonly #prompts = new InvertedIndex();
  readonly #tasks: IndexedTask[] = [];
  readonly #known = new Set<string>();

  /** Adds a task; one that is known already is passed over. */
  add(task: IndexedTask): void {
    if (this.#known.has(task.id)) return;
    this.#known.add(task.id);
    this.#tasks.push(task);
    this.#prompts.add(promptElements(task.prompt));
  }

  /** Other tasks in the same language, most alike first. */
  near(task: IndexedTask): readonly { readonly id: string; readonly similarity: number }[] {
    const similarities = this.#prompts.similarities(promptElements(task.prompt));
    return this.#tasks
      .map(({ id, language }, at) => ({ id, language, similarity: similarities[at] ?? 0 }))
      .filter(
        (other) => other.id !== task.id && other.language === task.language && other.similarity >= NEAR_TASK,
      )
      .sort((left, right) => right.similarity - left.similarity || (left.id < right.id ? -1 : 1));
  }
}

/** What went wrong on this task, most frequent first, then on tasks like it. */
export function lessonsFor(
  outcomes: OutcomeIndex,
  tasks: TaskIndex,
  task: IndexedTask,
  limit: number,
): readonly Lesson[] {
  const own = failures(outcomes, task.id).map((group) => lesson(group, "for this task"));
  const lessons = own.slice(0, limit);
  for (const other of tasks.near(task)) {
    if (lessons.length >= limit) break;
    const where = `for a similar task (${plainText(other.id, 80)})`;
    lessons.push(
      ...failures(outcomes, other.id)
        .map((group) => lesson(group, where))
        .slice(0, limit - lessons.length),
    );
  }
  return lessons;
}

interface FailureGroup {
  readonly reason: string;
  readonly entries: readonly FormEntry[];
  /** How many different texts failed so. */
  readonly forms: number;
}

function failures(outcomes: OutcomeIndex, taskId: string): readonly FailureGroup[] {
  const groups = new Map<string, { entries: FormEntry[]; forms: number }>();
  for (const form of outcomes.formsOf(taskId)) {
    const failed = form.standing.filter((entry) => !entry.passed);
    for (const reason of new Set(failed.map((entry) => plainText(entry.reason, 300)))) {
      const group = groups.get(reason) ?? { entries: [], forms: 0 };
      group.entries.push(...failed.filter((entry) => plainText(entry.reason, 300) === reason));
      group.forms += 1;
      groups.set(reason, group);
    }
  }
  return [...groups]
    .map(([reason, { entries, forms }]) => ({ reason, forms, entries: entries.sort(byTime) }))
    .sort(
      (left, right) =>
        right.forms - left.forms || newestAt(right) - newestAt(left) || (left.reason < right.reason ? -1 : 1),
    );
}

function newestAt(group: FailureGroup): number {
  return group.entries.at(-1)?.at ?? 0;
}

function lesson({ reason, forms, entries }: FailureGroup, where: string): Lesson {
  const count = forms === 1 ? "1 earlier candidate" : `${forms} different earlier candidates`;
  return {
    text: `${count} ${where} failed: ${reason}`,
    outcomeIds: entries
      .slice(-CITED)
      .map((entry) => entry.outcomeId)
      .reverse(),
  };
}
