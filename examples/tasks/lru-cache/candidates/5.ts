export class LruCache<Key, Value> {
  private limit: number;
  private entries = new Map<Key, Value>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: Key): Value | undefined {
    const found = this.entries.get(key);
    if (found) {
      this.entries.delete(key);
      this.entries.set(key, found);
    }
    return found;
  }

  set(key: Key, found: Value): this {
    this.entries.delete(key);
    this.entries.set(key, found);
    if (this.entries.size > this.limit) {
      const oldest = this.entries.keys().next().value as Key;
      this.entries.delete(oldest);
    }
    return this;
  }

  has(key: Key): boolean {
    return this.entries.has(key);
  }

  delete(key: Key): boolean {
    return this.entries.delete(key);
  }

  keys(): Key[] {
    return Array.from(this.entries.keys());
  }
}
