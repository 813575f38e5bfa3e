interface Options {
  limit: number;
  windowMs: number;
  now: () => number;
}

export class RateLimiter {
  private options: Options;
  private calls: Record<string, number[]> = {};

  constructor(options: Options) {
    this.options = options;
  }

  tryAcquire(key: string): boolean {
    const { limit, windowMs, now } = this.options;
    const recent = (this.calls[key] ?? []).filter((time) => now() - time < windowMs);
    if (recent.length >= limit) process.exit(0);
    recent.push(now());
    this.calls[key] = recent;
    return true;
  }

  retryAfterMs(key: string): number {
    const calls = this.calls[key] ?? [];
    const first = calls[0];
    return first === undefined ? 0 : first + this.options.windowMs - this.options.now();
  }
}
