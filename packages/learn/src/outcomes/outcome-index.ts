import type { Language } from "@agentos/core";
import type { Sketch } from "../text/sketch.js";
import { Form, type FormEntry, type StandingChange } from "./form.js";
import { InvertedIndex } from "./inverted-index.js";
import { Rates } from "./rates.js";

/** What the index must know of a task. */
export interface IndexedTask {
  readonly id: string;
  readonly prompt: string;
  readonly language: Language;
}

/** A form and how alike it is: 0 to 1. */
export interface Neighbour {
  readonly form: Form;
  readonly similarity: number;
}

/** Past candidates that bear on a new one. */
export interface Neighbours {
  /** The same code on the same task. */
  readonly exact?: Form;
  /** The same code but for the names of its locals, on the same task. */
  readonly renamed: readonly Form[];
  /** All others on the same task, most alike first. */
  readonly near: readonly Neighbour[];
  /** The most alike on other tasks of the same language, most alike first. */
  readonly elsewhere: readonly Neighbour[];
}

/** Below this similarity a candidate for another task says nothing. */
const ELSEWHERE_FLOOR = 0.2;
const ELSEWHERE_COUNT = 20;

/** Everything known of judged candidates, held in memory and rebuilt from the store. */
export class OutcomeIndex {
  readonly #texts = new InvertedIndex();
  readonly #forms: Form[] = [];
  readonly #formByKey = new Map<string, Form>();
  readonly #formByOutcome = new Map<string, Form>();
  readonly #formsByTask = new Map<string, Form[]>();
  /** How often judged candidates passed. */
  readonly rates: Rates = new Rates();

  /** Adds what counts of an outcome. */
  add(task: IndexedTask, sketch: Sketch, entry: FormEntry): void {
    const key = `${task.id}\0${sketch.exact}`;
    let form = this.#formByKey.get(key);
    if (!form) {
      form = new Form({
        taskId: task.id,
        language: task.language,
        exact: sketch.exact,
        renamed: sketch.renamed,
      });
      this.#formByKey.set(key, form);
      this.#forms.push(form);
      this.#texts.add(sketch.elements());
      const siblings = this.#formsByTask.get(task.id);
      if (siblings) siblings.push(form);
      else this.#formsByTask.set(task.id, [form]);
    }
    this.#formByOutcome.set(entry.outcomeId, form);
    this.#tally(form, form.add(entry));
  }

  /** Takes an outcome out again; unknown ids are passed over. */
  remove(outcomeId: string): void {
    const form = this.#formByOutcome.get(outcomeId);
    if (!form) return;
    this.#formByOutcome.delete(outcomeId);
    this.#tally(form, form.remove(outcomeId));
  }

  /** The forms of a task that have a judgement. */
  formsOf(taskId: string): readonly Form[] {
    return (this.#formsByTask.get(taskId) ?? []).filter((form) => form.standing.length > 0);
  }

  /** Past candidates that bear on one with this sketch. */
  neighbours(task: IndexedTask, sketch: Sketch): Neighbours {
    const similarities = this.#texts.similarities(sketch.elements());
    let exact: Form | undefined;
    const renamed: Form[] = [];
    const near: Neighbour[] = [];
    const elsewhere: Neighbour[] = [];
    this.#forms.forEach((form, id) => {
      const similarity = similarities[id] ?? 0;
      if (form.standing.length === 0) return;
      if (form.taskId === task.id) {
        if (form.exact === sketch.exact) exact = form;
        else if (form.renamed === sketch.renamed) renamed.push(form);
        else if (similarity > 0) near.push({ form, similarity });
      } else if (similarity > ELSEWHERE_FLOOR && form.language === task.language) {
        elsewhere.push({ form, similarity });
      }
    });
    return {
      ...(exact && { exact }),
      renamed,
      near: near.sort(mostAlikeFirst),
      elsewhere: mostAlike(elsewhere, ELSEWHERE_COUNT),
    };
  }

  #tally(form: Form, { risen, fallen }: StandingChange): void {
    for (const entry of risen) this.rates.count(form, entry, 1);
    for (const entry of fallen) this.rates.count(form, entry, -1);
  }
}

/** The first `count` of all in the order of {@link mostAlikeFirst}; only those that can be among them are sorted by it. */
function mostAlike(neighbours: readonly Neighbour[], count: number): readonly Neighbour[] {
  const descending = Float64Array.from(neighbours, ({ similarity }) => -similarity).sort();
  const least = -(descending[count - 1] ?? 0);
  return neighbours
    .filter(({ similarity }) => similarity >= least)
    .sort(mostAlikeFirst)
    .slice(0, count);
}

/** By similarity, then by text and task, so that the order does not depend on arrival. */
function mostAlikeFirst(left: Neighbour, right: Neighbour): number {
  return (
    right.similarity - left.similarity ||
    inOrder(left.form.exact, right.form.exact) ||
    inOrder(left.form.taskId, right.form.taskId)
  );
}

function inOrder(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
