import type { RunEvent, RunResult, VerifyOptions } from "@agentos/core";
import type { RunHooks } from "./driver.js";

/**
 * Tells a listener of a visible run. What the listener throws ends the verification, once the run is over: a run is not
 * left behind.
 */
export class RunEvents {
  readonly #listener: NonNullable<VerifyOptions["onEvent"]>;
  #failure: { readonly error: unknown } | undefined;

  constructor(listener: NonNullable<VerifyOptions["onEvent"]>) {
    this.#listener = listener;
  }

  /** What a driver is to call. */
  get hooks(): Pick<RunHooks, "onOutput" | "onTest"> {
    return {
      onOutput: (type, bytes) => this.#tell({ type, bytes }),
      onTest: (test) => void this.#tell({ type: "test", test }),
    };
  }

  /** Tells of the end. Throws what the listener threw. */
  async end(result: RunResult): Promise<void> {
    await this.#tell({ type: "metric", usage: result.usage });
    await this.#tell({ type: "exit", result });
    if (this.#failure) throw this.#failure.error;
  }

  #tell(event: RunEvent): void | Promise<void> {
    if (this.#failure) return;
    try {
      const told: unknown = this.#listener(event);
      // Only what is a promise is waited for: listeners in JavaScript return what they like.
      return told instanceof Promise ? told.catch((error: unknown) => this.#failed(error)) : undefined;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#failure ??= { error };
  }
}
