interface Options {
  limit: number;
  windowMs: number;
  now: () => number;
}

export class RateLimiter {
  readonly #options: Options;
  readonly #calls = new Map<string, number[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  tryAcquire(key: string): boolean {
    const recent = this.#recent(key);
    if (recent.length >= this.#options.limit) return false;
    recent.push(this.#options.now());
    return true;
  }

  retryAfterMs(key: string): number {
    const recent = this.#recent(key);
    const { limit, windowMs, now } = this.#options;
    if (recent.length < limit) return 0;
    return (recent[recent.length - limit] as number) + windowMs - now();
  }

  #recent(key: string): number[] {
    const since = this.#options.now() - this.#options.windowMs;
    const recent = (this.#calls.get(key) ?? []).filter((time) => time >= since);
    this.#calls.set(key, recent);
    return recent;
  }
}
