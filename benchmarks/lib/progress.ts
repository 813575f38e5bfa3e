/** The part of a stream that {@link Progress} needs. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_WIDTH = 30;

/** Shows how far a long piece of work is: a bar on a terminal, else a plain line at each tenth. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #label: string;
  readonly #total: number;
  #done = 0;
  #shown = -1;

  constructor(stream: ProgressStream, label: string, total: number) {
    this.#stream = stream;
    this.#label = label;
    this.#total = total;
    this.#show();
  }

  /** Counts one more item done. */
  tick(): void {
    this.#done += 1;
    this.#show();
  }

  /** Ends the bar's line. Call it once, however the work ended. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\n");
  }

  #show(): void {
    const share = this.#total === 0 ? 1 : this.#done / this.#total;
    const step = Math.floor(share * (this.#stream.isTTY ? 100 : 10));
    if (step === this.#shown) return;
    this.#shown = step;
    const count = `${this.#done}/${this.#total}`;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${this.#label}: ${count}\n`);
      return;
    }
    const filled = Math.round(share * BAR_WIDTH);
    const bar = "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled);
    this.#stream.write(`\r${this.#label.padEnd(20)} [${bar}] ${count}`.slice(0, this.#stream.columns ?? 80));
  }
}
