const NAMES = [
  "facet",
  "importance",
  "recordedAt",
  "validFrom",
  "validTo",
  "expiresAt",
  "size",
  "from",
  "to",
] as const;

/** The numbers that are held of each memory. */
export type Column = (typeof NAMES)[number];

/** Numbers by slot, in one array for each column. */
export class Columns {
  #numbers: Record<Column, Float64Array>;

  constructor(numbers: Record<Column, Float64Array> = columns(() => new Float64Array(64))) {
    this.#numbers = numbers;
  }

  /** The arrays as they are now: at least as long as there are slots. */
  get numbers(): Readonly<Record<Column, Float64Array>> {
    return this.#numbers;
  }

  get(slot: number, column: Column): number {
    return this.#numbers[column][slot] as number;
  }

  put(slot: number, column: Column, value: number): void {
    this.#numbers[column][slot] = value;
  }

  set(slot: number, values: Readonly<Record<Column, number>>): void {
    if (slot >= this.#numbers.facet.length) {
      this.#numbers = columns((name) => {
        const larger = new Float64Array(Math.max(slot + 1, this.#numbers[name].length * 2));
        larger.set(this.#numbers[name]);
        return larger;
      });
    }
    for (const name of NAMES) this.#numbers[name][slot] = values[name];
  }

  /** The numbers of the first slots, column by column. */
  toBytes(slots: number): Uint8Array {
    const all = new Float64Array(slots * NAMES.length);
    NAMES.forEach((name, at) => {
      all.set(this.#numbers[name].subarray(0, slots), at * slots);
    });
    return new Uint8Array(all.buffer);
  }

  /** What `toBytes` gave. Throws when it is of another length. */
  static from(bytes: Uint8Array, slots: number): Columns {
    if (bytes.length !== slots * NAMES.length * 8)
      throw new Error("the numbers of the catalogue are cut short");
    const all = new Float64Array(bytes.slice().buffer);
    return new Columns(
      columns((name) => {
        const at = NAMES.indexOf(name) * slots;
        return all.slice(at, at + slots);
      }),
    );
  }
}

function columns(make: (name: Column) => Float64Array): Record<Column, Float64Array> {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as Record<Column, Float64Array>;
}
