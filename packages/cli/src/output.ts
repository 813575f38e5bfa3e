import pc from "picocolors";

/** A stream that text is written to, as far as the command needs it. */
export interface TextStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What a command came to: one value for programs, one text for people. */
export interface CommandResult {
  readonly json: unknown;
  readonly text: string;
  /** Whether the command wrote the standard output itself. @default false */
  readonly isWritten?: boolean;
  /** @default 0 */
  readonly exitCode?: number;
}

/** Colours that are plain text where colour is not wanted. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Tells a person how work goes on, on the error stream. */
export class Progress {
  readonly #stream: TextStream;
  readonly #live: boolean;
  #shown = false;

  /** @param live whether one line may be overwritten; else only whole lines are written */
  constructor(stream: TextStream, live: boolean) {
    this.#stream = stream;
    this.#live = live;
  }

  /** A line that stays. */
  line(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  /** What is going on right now; shown on a terminal only, where the next call replaces it. */
  status(text: string): void {
    if (!this.#live) return;
    this.#clear();
    this.#stream.write(text.slice(0, 100));
    this.#shown = true;
  }

  /** Takes the status away. */
  end(): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#shown) this.#stream.write("\r\u001b[2K");
    this.#shown = false;
  }
}

/** Colours for a stream, unless the environment says no. */
export function colorsFor(
  stream: TextStream,
  environment: Readonly<Record<string, string | undefined>>,
): Colors {
  return pc.createColors(stream.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb");
}

/** Drops control characters, so that text from outside cannot steer the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** Columns under one another. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  return rows
    .map((row) =>
      row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}
