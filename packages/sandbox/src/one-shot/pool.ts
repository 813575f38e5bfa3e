import { type ChildProgram, OneShotChild } from "./child.js";

/** Bounds of a {@link OneShotPool}. */
export interface PoolOptions {
  /** How many loaded children wait for work. @default 1 */
  readonly spares?: number;
  /** A spare that waited this long, in milliseconds, is ended. @default 30_000 */
  readonly idleMs?: number;
}

/** Starts children ahead of the work. Each is used once; the next is started as one is taken. */
export class OneShotPool {
  readonly #program: () => ChildProgram;
  readonly #size: number;
  readonly #idleMs: number;
  readonly #spares: OneShotChild[] = [];
  /** Every child that is not gone yet. */
  readonly #alive = new Set<OneShotChild>();
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(program: () => ChildProgram, options: PoolOptions = {}) {
    this.#program = program;
    this.#size = options.spares ?? 1;
    this.#idleMs = options.idleMs ?? 30_000;
  }

  /** A child that has loaded. Rejects with `SANDBOX_DRIVER_FAILED` when none can start. */
  async take(): Promise<OneShotChild> {
    const child = this.#nextSpare() ?? this.#start();
    child.hold(true);
    await child.ready;
    // Only now: the spare must not compete with the child that somebody waits for.
    this.#refill();
    return child;
  }

  /** Ends every child, also those at work, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const alive = [...this.#alive];
    for (const child of alive) {
      // A spare does not keep the process alive, but waiting for its end must.
      child.hold(true);
      child.kill();
    }
    await Promise.all(alive.map((child) => child.gone));
  }

  #nextSpare(): OneShotChild | undefined {
    for (;;) {
      const spare = this.#spares.shift();
      if (!spare?.ended) return spare;
    }
  }

  #refill(): void {
    clearTimeout(this.#idle);
    if (this.#closed || this.#size === 0) return;
    while (this.#spares.length < this.#size) {
      const spare = this.#start();
      spare.hold(false);
      this.#spares.push(spare);
    }
    this.#idle = setTimeout(() => this.#dropSpares(), this.#idleMs).unref();
  }

  #dropSpares(): void {
    for (const spare of this.#spares.splice(0)) spare.kill();
  }

  #start(): OneShotChild {
    const child = new OneShotChild(this.#program());
    this.#alive.add(child);
    void child.gone.then(() => this.#alive.delete(child));
    return child;
  }
}
