interface Settings {
  limit: number;
  windowMs: number;
  now: () => number;
}

export class RateLimiter {
  readonly #settings: Settings;
  readonly #history = new Map<string, number[]>();

  constructor(options: Settings) {
    this.#settings = options;
  }

  tryAcquire(key: string): boolean {
    const active = this.#active(key);
    if (active.length >= this.#settings.limit) return false;
    active.push(this.#settings.now());
    return true;
  }

  retryAfterMs(key: string): number {
    const active = this.#active(key);
    const { limit, windowMs, now } = this.#settings;
    if (active.length < limit) return 0;
    return (active[active.length - limit] as number) + windowMs - now();
  }

  #active(key: string): number[] {
    const oldest = this.#settings.now() - this.#settings.windowMs;
    const active = (this.#history.get(key) ?? []).filter((at) => at > oldest);
    this.#history.set(key, active);
    return active;
  }
}
