type Options = { limit: number; windowMs: number; now: () => number };

export class RateLimiter {
  private options: Options;
  private counts = new Map<string, { window: number; count: number }>();

  constructor(options: Options) {
    this.options = options;
  }

  tryAcquire(key: string): boolean {
    const window = Math.floor(this.options.now() / this.options.windowMs);
    let entry = this.counts.get(key);
    if (!entry || entry.window !== window) {
      entry = { window, count: 0 };
      this.counts.set(key, entry);
    }
    if (entry.count >= this.options.limit) return false;
    entry.count++;
    return true;
  }

  retryAfterMs(key: string): number {
    const time = this.options.now();
    const window = Math.floor(time / this.options.windowMs);
    const entry = this.counts.get(key);
    if (!entry || entry.window !== window || entry.count < this.options.limit) return 0;
    return (window + 1) * this.options.windowMs - time;
  }
}
