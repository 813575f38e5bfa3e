type LimiterOptions = { limit: number; windowMs: number; now: () => number };

export class RateLimiter {
  private options: LimiterOptions;
  private buckets = new Map<string, { period: number; count: number }>();

  constructor(options: LimiterOptions) {
    this.options = options;
  }

  tryAcquire(key: string): boolean {
    const period = Math.floor(this.options.now() / this.options.windowMs);
    let bucket = this.buckets.get(key);
    if (!bucket || bucket.period !== period) {
      bucket = { period, count: 0 };
      this.buckets.set(key, bucket);
    }
    if (bucket.count >= this.options.limit) return false;
    bucket.count++;
    return true;
  }

  retryAfterMs(key: string): number {
    const time = this.options.now();
    const period = Math.floor(time / this.options.windowMs);
    const bucket = this.buckets.get(key);
    if (!bucket || bucket.period !== period || bucket.count < this.options.limit) return 0;
    return (period + 1) * this.options.windowMs - time;
  }
}
