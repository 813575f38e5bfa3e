import * as v from "valibot";

/** A text with words on what it is, where its name does not say it all. */
export function text(description?: string): v.GenericSchema<string> {
  const schema = v.pipe(v.string(), v.nonEmpty("must not be empty"));
  return description === undefined ? schema : v.pipe(schema, v.description(description));
}

/** A whole number from 1 on. */
export function count(most: number): v.GenericSchema<number> {
  return v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
}

type Files = Readonly<Record<string, string | null>>;

/** Not a record of the library, which drops some names ("constructor") without a word: they would be judged without. */
const fileContents: v.GenericSchema<Files> = v.custom<Files>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((content) => content === null || typeof content === "string"),
  "must map paths to texts, or to null",
);
const files: v.GenericSchema<Files> = v.pipe(
  fileContents,
  v.description("whole files by relative path; null deletes"),
);

/** What the library cannot write as JSON Schema by itself. */
export function jsonOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  if (schema !== fileContents) return undefined;
  return { type: "object", additionalProperties: { anyOf: [{ type: "string" }, { type: "null" }] } };
}

/** A change of files. */
export const changeEntries: {
  readonly patch: v.OptionalSchema<v.GenericSchema<string>, undefined>;
  readonly files: v.OptionalSchema<typeof files, undefined>;
} = { patch: v.optional(text("unified diff")), files: v.optional(files) };

/** A line of a file. */
export const placeEntries: {
  readonly path: v.GenericSchema<string>;
  readonly line: v.GenericSchema<number>;
} = { path: v.string(), line: v.number() };
