import type { WriteStream } from "node:tty";

/** Where the job writes: a terminal, or anything else that takes lines. */
export type Output = Pick<WriteStream, "write"> &
  Partial<Pick<WriteStream, "isTTY" | "columns" | "hasColors">>;

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** The name of a {@link Screen} style. */
export type Style = keyof typeof CODES;

/** Lines, and one progress line that stays at the bottom of a terminal. Elsewhere plain lines, and no colours. */
export class Screen {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #colours: boolean;
  #progress = "";
  #lastProgress = Number.NEGATIVE_INFINITY;

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    // hasColors() knows NO_COLOR.
    this.#colours = output.isTTY === true && output.hasColors?.() === true;
  }

  /** Columns of the terminal; without one, lines are not cut. */
  get columns(): number {
    return this.#output.isTTY ? (this.#output.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  style(style: Style, text: string): string {
    return this.#colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  }

  line(text = ""): void {
    this.#output.write(`${this.#erase()}${text}\n${this.#progress}`);
  }

  /** Says how far something has come: in place on a terminal, else as a line every two seconds. */
  progress(what: string, done: number, total: number): void {
    const now = this.#now();
    const complete = done >= total;
    if (!complete && now - this.#lastProgress < (this.#output.isTTY ? 80 : 2_000)) return;
    this.#lastProgress = now;
    const text = `  ${what} ${done}/${total}`;
    if (!this.#output.isTTY) {
      this.#output.write(`${text}\n`);
      return;
    }
    const width = 24;
    const filled = total === 0 ? width : Math.round((Math.min(done, total) / total) * width);
    const erase = this.#erase();
    this.#progress = `  ${"█".repeat(filled)}${"░".repeat(width - filled)} ${text.trim()}`.slice(
      0,
      this.columns - 1,
    );
    this.#output.write(erase + this.#progress);
  }

  /** Takes the progress line away. */
  endProgress(): void {
    const erase = this.#erase();
    this.#progress = "";
    this.#lastProgress = Number.NEGATIVE_INFINITY;
    if (erase !== "") this.#output.write(erase);
  }

  #erase(): string {
    return this.#progress === "" ? "" : "\r\u001b[2K";
  }
}
