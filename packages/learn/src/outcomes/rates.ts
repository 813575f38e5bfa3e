import type { Language, Proposer } from "@agentos/core";
import type { FormEntry } from "./form.js";
import { grained, NO_TALLY, Tallies, type Tally } from "./tally.js";

/** A name at each level below "all", from the widest to the narrowest; undefined where there is none. */
type Names = readonly [language: string, model: string | undefined, agent: string | undefined, task: string];

/** What rates must know of a form. */
export interface RatedForm {
  readonly taskId: string;
  readonly language: Language;
  readonly exact: string;
}

/** Levels of the chain of rates, from the widest to the narrowest. */
export const RATE_LEVELS = ["all", "language", "model", "agent", "task"] as const;

/** A level of the chain of rates. */
export type RateLevel = (typeof RATE_LEVELS)[number];

/**
 * How often judged candidates passed: of all, and by language, model, agent, task and static rule. The same code from the
 * same proposer on the same task counts once however often it was judged, by its share of passes: to repeat a run tells
 * about that code, which is remembered elsewhere, and not about the rate of anything wider.
 */
export class Rates {
  /** Judgements of the same code from the same proposer on the same task. */
  readonly #judgements = new Tallies();
  readonly #tallies = new Tallies();
  /** By every combination of levels, so that a forecast need not walk over all that was judged. */
  readonly #joint = new Tallies();

  /** Counts a judgement that began to stand, or, with -1, one that ceased to. */
  count(form: RatedForm, entry: FormEntry, sign: 1 | -1): void {
    const { language, taskId } = form;
    const { agent, model, rule } = entry;
    const source = [taskId, form.exact, agent, model];
    const change = this.#judge(JSON.stringify(source), entry.passed, sign);
    this.#tallies.add(tallyKey("all", ""), change);
    this.#tallies.add(tallyKey("language", language), change);
    if (model !== undefined) this.#tallies.add(tallyKey("model", model), change);
    if (agent !== undefined) this.#tallies.add(tallyKey("agent", agent), change);
    this.#tallies.add(tallyKey("task", taskId), change);
    this.#countJointly([language, model, agent, taskId], change);
    if (rule === undefined) return;
    this.#tallies.add(
      tallyKey("rule", rule),
      this.#judge(JSON.stringify([...source, rule]), entry.passed, sign),
    );
  }

  /** Passes of a whole level, those of the narrower levels among them. */
  tally(level: RateLevel | "rule", name: string): Tally {
    return this.#tallies.get(tallyKey(level, name));
  }

  /**
   * Passes by level, each candidate in the narrowest level that it shares with the subject and in no other. Levels that
   * hold the same outcomes would else say the same thing several times.
   */
  rings(
    task: { readonly id: string; readonly language: Language },
    proposer: Proposer = {},
  ): Readonly<Record<RateLevel, Tally>> {
    const names: Names = [task.language, proposer.model, proposer.agent, task.id];
    const rings = {
      language: this.#ring(names, 0),
      model: this.#ring(names, 1),
      agent: this.#ring(names, 2),
      task: this.#ring(names, 3),
    };
    const all = Object.values(rings).reduce(
      (rest, ring) => ({ passed: rest.passed - ring.passed, total: rest.total - ring.total }),
      this.tally("all", ""),
    );
    return { all, ...rings };
  }

  /** What has the name of a level and those of no narrower one, by inclusion and exclusion; the sums are exact. */
  #ring(names: Names, level: number): Tally {
    let passed = 0;
    let total = 0;
    for (let mask = 1 << level; mask < 16; mask += 2 << level) {
      const key = jointKey(names, mask);
      if (key === undefined) continue;
      const tally = this.#joint.get(key);
      const sign = names.filter((_, at) => mask & (1 << at)).length % 2 === 1 ? 1 : -1;
      passed += sign * tally.passed;
      total += sign * tally.total;
    }
    return { passed, total };
  }

  /** Counts a judgement for its source; returns by how much the source counts more or less for it. */
  #judge(source: string, passed: boolean, sign: 1 | -1): Tally {
    const before = share(this.#judgements.get(source));
    this.#judgements.add(source, { passed: passed ? sign : 0, total: sign });
    const after = share(this.#judgements.get(source));
    return { passed: after.passed - before.passed, total: after.total - before.total };
  }

  #countJointly(names: Names, change: Tally): void {
    if (change.passed === 0 && change.total === 0) return;
    for (let mask = 1; mask < 16; mask += 1) {
      const key = jointKey(names, mask);
      if (key !== undefined) this.#joint.add(key, change);
    }
  }
}

/** The key of a combination of levels, one bit each; undefined where one of them has no name. */
function jointKey(names: Names, mask: number): string | undefined {
  let key = String(mask);
  for (const [level, name] of names.entries()) {
    if ((mask & (1 << level)) === 0) continue;
    if (name === undefined) return undefined;
    key += `\0${name.length}\0${name}`;
  }
  return key;
}

/** A source counts once, and passes by its share. */
function share({ passed, total }: Tally): Tally {
  return total === 0 ? NO_TALLY : { passed: grained(passed / total), total: 1 };
}

function tallyKey(level: RateLevel | "rule", name: string): string {
  return `${level}\0${name}`;
}
