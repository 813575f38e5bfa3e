interface Timer {
  readonly id: number;
  due: number;
  readonly every: number | undefined;
  readonly run: () => void;
  held: boolean;
}

/** A timer's handle, as Node returns it. */
export interface TimerHandle {
  ref(): TimerHandle;
  unref(): TimerHandle;
  hasRef(): boolean;
  refresh(): TimerHandle;
  close(): void;
  [Symbol.toPrimitive](): number;
}

type Callback = (...args: unknown[]) => void;

/** Timers and immediates over a clock, run one a turn by whoever calls `turn`. */
export class Timers {
  readonly #now: () => number;
  readonly #timers = new Map<number, Timer>();
  readonly #handles = new WeakMap<object, number>();
  #nextId = 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs the first timer that is due. Milliseconds until the next, 0 when another is due, -1 when nothing waits. */
  turn(): number {
    const now = this.#now();
    const next = this.#first();
    if (next && next.due <= now) {
      if (next.every === undefined) this.#timers.delete(next.id);
      else next.due = now + next.every;
      next.run();
    }
    let held = false;
    for (const timer of this.#timers.values()) held ||= timer.held;
    const following = this.#first();
    if (!held || !following) return -1;
    return Math.max(0, following.due - this.#now());
  }

  /** The functions that programs call. */
  functions(): Record<string, unknown> {
    const clear = (handle: unknown): void => this.#clear(handle);
    return {
      setTimeout: (run: Callback, ms?: unknown, ...args: unknown[]) => this.#set(run, ms, false, args),
      setInterval: (run: Callback, ms?: unknown, ...args: unknown[]) => this.#set(run, ms, true, args),
      setImmediate: (run: Callback, ...args: unknown[]) => this.#set(run, undefined, false, args, 0),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    };
  }

  /** The functions of `node:timers/promises`. */
  promises(): Record<string, unknown> {
    const wait = (ms: unknown, value: unknown): Promise<unknown> =>
      new Promise((resolve) => this.#set(() => resolve(value), ms, false, []));
    return {
      setTimeout: wait,
      setImmediate: (value: unknown) => wait(0, value),
      scheduler: { wait: (ms: unknown) => wait(ms, undefined), yield: () => wait(0, undefined) },
    };
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (!first || timer.due < first.due) first = timer;
    }
    return first;
  }

  #set(run: Callback, ms: unknown, repeat: boolean, args: readonly unknown[], floor = 1): TimerHandle {
    if (typeof run !== "function") {
      throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
        code: "ERR_INVALID_ARG_TYPE",
      });
    }
    const asked = Number(ms);
    const delay = asked >= 1 && asked <= 0x7fffffff ? asked : floor;
    const id = this.#nextId++;
    this.#timers.set(id, {
      id,
      due: this.#now() + delay,
      every: repeat ? delay : undefined,
      run: () => run(...args),
      held: true,
    });
    return this.#handle(id, delay);
  }

  #handle(id: number, delay: number): TimerHandle {
    const hold = (held: boolean): TimerHandle => {
      const timer = this.#timers.get(id);
      if (timer) timer.held = held;
      return handle;
    };
    const handle: TimerHandle = {
      ref: () => hold(true),
      unref: () => hold(false),
      hasRef: () => this.#timers.get(id)?.held ?? false,
      refresh: () => {
        const timer = this.#timers.get(id);
        if (timer) timer.due = this.#now() + delay;
        return handle;
      },
      close: () => this.#clear(handle),
      [Symbol.toPrimitive]: () => id,
    };
    this.#handles.set(handle, id);
    return handle;
  }

  #clear(handle: unknown): void {
    if (typeof handle === "object" && handle !== null) this.#timers.delete(this.#handles.get(handle) ?? -1);
    else this.#timers.delete(Number(handle));
  }
}
