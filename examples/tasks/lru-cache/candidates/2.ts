export class LruCache<Key, Value> {
  private capacity: number;
  private map = new Map<Key, Value>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.map.size;
  }

  get(key: Key): Value | undefined {
    const value = this.map.get(key);
    if (value) {
      this.map.delete(key);
      this.map.set(key, value);
    }
    return value;
  }

  set(key: Key, value: Value): this {
    this.map.delete(key);
    this.map.set(key, value);
    if (this.map.size > this.capacity) {
      const oldest = this.map.keys().next().value as Key;
      this.map.delete(oldest);
    }
    return this;
  }

  has(key: Key): boolean {
    return this.map.has(key);
  }

  delete(key: Key): boolean {
    return this.map.delete(key);
  }

  keys(): Key[] {
    return Array.from(this.map.keys());
  }
}
