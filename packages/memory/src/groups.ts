/** Keys by what they have in common. Nearly all stand alone, and alone they cost no set. */
export class Groups {
  readonly #groups = new Map<string, string | Set<string>>();

  add(group: string, key: string): void {
    const there = this.#groups.get(group);
    if (there === undefined) this.#groups.set(group, key);
    else if (typeof there === "string") this.#groups.set(group, new Set([there, key]));
    else there.add(key);
  }

  delete(group: string, key: string): void {
    const there = this.#groups.get(group);
    if (there === key) this.#groups.delete(group);
    else if (there instanceof Set && there.delete(key) && there.size === 0) this.#groups.delete(group);
  }

  of(group: string): readonly string[] {
    const there = this.#groups.get(group);
    return there === undefined ? [] : typeof there === "string" ? [there] : [...there];
  }
}
