export class LruCache<Key, Value> {
  private readonly capacity: number;
  private readonly items = new Map<Key, Value>();

  constructor(capacity: number) {
    if (capacity < 1) throw new RangeError("capacity must be positive");
    this.capacity = capacity;
  }

  get size(): number {
    return this.items.size;
  }

  get(key: Key): Value | undefined {
    return this.items.get(key);
  }

  set(key: Key, value: Value): this {
    if (!this.items.has(key) && this.items.size >= this.capacity) {
      const [oldest] = this.items.keys();
      this.items.delete(oldest as Key);
    }
    this.items.set(key, value);
    return this;
  }

  has(key: Key): boolean {
    return this.items.has(key);
  }

  delete(key: Key): boolean {
    return this.items.delete(key);
  }

  keys(): Key[] {
    return [...this.items.keys()];
  }
}
