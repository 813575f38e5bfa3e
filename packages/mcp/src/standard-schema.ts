import { problemOf } from "@agentos/core";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema, InferOutput } from "valibot";
import * as v from "valibot";
import { jsonOf } from "./shapes.js";

/** A shape as the protocol's library takes it: it holds values, and is told to clients as JSON Schema. */
export interface StandardShape<Data> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => never;
    readonly types?: { readonly input: Data; readonly output: Data };
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>;
      readonly output: () => Record<string, unknown>;
    };
  };
}

/** Clients pay for each word of a shape: what says nothing to a model is left out. */
function jsonSchemaOf(schema: GenericSchema): Record<string, unknown> {
  const json = toJsonSchema(schema, {
    errorMode: "ignore",
    typeMode: "input",
    overrideSchema: ({ valibotSchema }) => jsonOf(valibotSchema),
  });
  const { $schema: _version, ...rest } = json;
  return rest;
}

/** A Valibot schema as a shape of the protocol's library. */
export function standardShape<Schema extends GenericSchema>(
  schema: Schema,
): StandardShape<InferOutput<Schema>> {
  const json = jsonSchemaOf(schema);
  const { vendor } = schema["~standard"];
  const told = () => json;
  const validate = (value: unknown) => {
    const result = v.safeParse(schema, value);
    // The path is in the message.
    return result.success
      ? { value: result.output }
      : { issues: result.issues.map((issue) => ({ message: problemOf(issue) })) };
  };
  return {
    "~standard": {
      version: 1,
      vendor,
      validate: validate as never,
      jsonSchema: { input: told, output: told },
    },
  };
}
