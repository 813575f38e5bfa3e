export class LruCache<K, V> {
  private readonly limit: number;
  private readonly store = new Map<K, V>();

  constructor(limit: number) {
    if (limit < 1) throw new RangeError("limit must be positive");
    this.limit = limit;
  }

  get size(): number {
    return this.store.size;
  }

  get(key: K): V | undefined {
    return this.store.get(key);
  }

  set(key: K, value: V): this {
    if (this.store.size >= this.limit && !this.store.has(key)) {
      const [first] = this.store.keys();
      this.store.delete(first as K);
    }
    this.store.set(key, value);
    return this;
  }

  has(key: K): boolean {
    return this.store.has(key);
  }

  delete(key: K): boolean {
    return this.store.delete(key);
  }

  keys(): K[] {
    return [...this.store.keys()];
  }
}
