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

const files: v.GenericSchema<Readonly<Record<string, string | null>>> = v.pipe(
  v.record(v.string(), v.nullable(v.string())),
  v.description("whole files by path; null deletes"),
);

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
