import { brokenLine, readLines, type Source } from "./read-lines.js";

/** One JSON object of a file, read field by field. */
export class DataRecord {
  readonly #source: Source;
  readonly #line: number;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(source: Source, line: number, fields: Readonly<Record<string, unknown>>) {
    this.#source = source;
    this.#line = line;
    this.#fields = fields;
  }

  /** A field that must be text. */
  text(field: string): string {
    const value = this.#fields[field];
    return typeof value === "string" ? value : this.fail(`"${field}" is missing or not a text`);
  }

  /** A field that must be a whole number. */
  integer(field: string): number {
    const value = this.#fields[field];
    return typeof value === "number" && Number.isSafeInteger(value)
      ? value
      : this.fail(`"${field}" is missing or not a whole number`);
  }

  /** A field that must be a number. */
  number(field: string): number {
    const value = this.#fields[field];
    return typeof value === "number" ? value : this.fail(`"${field}" is missing or not a number`);
  }

  /** A field that must be a list of texts. */
  texts(field: string): readonly string[] {
    const value = this.#fields[field];
    return Array.isArray(value) && value.every((item) => typeof item === "string")
      ? value
      : this.fail(`"${field}" is missing or not a list of texts`);
  }

  /** A field that must be a list of whole numbers. */
  integers(field: string): readonly number[] {
    const value = this.#fields[field];
    return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item))
      ? value
      : this.fail(`"${field}" is missing or not a list of whole numbers`);
  }

  /** A field that must be a list of objects, each read field by field. */
  records(field: string): readonly DataRecord[] {
    const value = this.#fields[field];
    if (!Array.isArray(value)) return this.fail(`"${field}" is missing or not a list`);
    return value.map((item: unknown) =>
      typeof item === "object" && item !== null
        ? new DataRecord(this.#source, this.#line, item as Record<string, unknown>)
        : this.fail(`"${field}" holds what is not an object`),
    );
  }

  /** A field that must be one of some texts. */
  oneOf<Text extends string>(field: string, texts: readonly Text[]): Text {
    const value = texts.find((text) => text === this.#fields[field]);
    return value ?? this.fail(`"${field}" is none of ${texts.join(", ")}`);
  }

  /** A field that must be an object. */
  object(field: string): Readonly<Record<string, unknown>> {
    const value = this.#fields[field];
    return typeof value === "object" && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : this.fail(`"${field}" is missing or not an object`);
  }

  /** A field that is a text, or absent or null. */
  optionalText(field: string): string | undefined {
    const value = this.#fields[field];
    return value === undefined || value === null ? undefined : this.text(field);
  }

  /** Throws `DATASET_LINE_BROKEN` for this record. */
  fail(problem: string): never {
    throw brokenLine(this.#source, this.#line, problem);
  }
}

/** Reads a file of JSON lines. Throws what `readLines` throws, and `DATASET_LINE_BROKEN` for a line that is no JSON object. */
export async function* readRecords(source: Source, signal?: AbortSignal): AsyncGenerator<DataRecord> {
  for await (const { text, number } of readLines(source, signal)) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw brokenLine(source, number, "it is not JSON", cause);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw brokenLine(source, number, "it is not a JSON object");
    }
    yield new DataRecord(source, number, value as Record<string, unknown>);
  }
}
