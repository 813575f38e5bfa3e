/** So many buckets of one size; one more, and the two oldest are one of twice the size. */
const BUCKETS = 5;
/** Values of each part that are compared; fewer say nothing. */
const LEAST = 10;
/** Between so many values it is looked once whether the window is to be cut. */
const EVERY = 4;

interface Bucket {
  readonly count: number;
  readonly sum: number;
}

/**
 * Watches values from 0 to 1 for a change of their mean: it keeps a window that is as long as nothing changes, and cuts off its older
 * part when that differs from the younger one by more than chance allows. The window is kept in some tens of buckets, whose sizes are powers of 2.
 * Source: Bifet and Gavaldà, "Learning from time-changing data with adaptive windowing", 2007 (ADWIN2).
 */
export class Adwin {
  readonly #delta: number;
  /** The oldest first. */
  #buckets: Bucket[] = [];
  #count = 0;
  #sum = 0;
  #seen = 0;

  /** @param delta how likely a false alarm may be, at each look, above 0 and below 1 */
  constructor(delta: number = 0.0005) {
    this.#delta = delta;
  }

  /** How many values the window holds. */
  get count(): number {
    return this.#count;
  }

  /** The mean of the window; 0 without any. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Adds a value. @returns whether the mean has changed: what is left in the window came after that */
  add(value: number): boolean {
    this.#buckets.push({ count: 1, sum: value });
    this.#count += 1;
    this.#sum += value;
    this.#seen += 1;
    this.#merge();
    return this.#seen % EVERY === 0 && this.#cut();
  }

  /** From the youngest on: where there are too many of one size, the two oldest of it are put together. */
  #merge(): void {
    let size = 1;
    let end = this.#buckets.length;
    for (;;) {
      let begin = end;
      while (begin > 0 && this.#buckets[begin - 1]?.count === size) begin -= 1;
      if (end - begin <= BUCKETS) return;
      const [one, other] = [this.#buckets[begin], this.#buckets[begin + 1]];
      if (one === undefined || other === undefined) return;
      this.#buckets.splice(begin, 2, { count: one.count + other.count, sum: one.sum + other.sum });
      end = begin + 1;
      size *= 2;
    }
  }

  #cut(): boolean {
    let changed = false;
    for (let again = true; again; ) {
      again = this.#buckets.length > 1 && this.#isOld();
      if (!again) break;
      const oldest = this.#buckets.shift();
      this.#count -= oldest?.count ?? 0;
      this.#sum -= oldest?.sum ?? 0;
      changed = true;
    }
    return changed;
  }

  /** Whether the window, cut between some two of its buckets, has parts whose means differ by too much. */
  #isOld(): boolean {
    const variance = this.mean * (1 - this.mean);
    const chance = Math.log((2 * Math.log(Math.max(3, this.#count))) / this.#delta);
    let count = 0;
    let sum = 0;
    for (const bucket of this.#buckets) {
      count += bucket.count;
      sum += bucket.sum;
      const rest = this.#count - count;
      if (rest < LEAST) return false;
      if (count < LEAST) continue;
      const both = 1 / (1 / count + 1 / rest);
      const allowed = Math.sqrt((2 / both) * variance * chance) + (2 / (3 * both)) * chance;
      if (Math.abs(sum / count - (this.#sum - sum) / rest) > allowed) return true;
    }
    return false;
  }
}
