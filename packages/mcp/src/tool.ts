import type { GenericSchema, InferOutput } from "valibot";
import type { OpenedProject, Waiting } from "./opened-project.js";

/** What a client may be told of a tool before it calls it. */
export interface ToolHints {
  /** It changes nothing that is kept. */
  readonly readOnly: boolean;
  /** The same call twice does what one does. */
  readonly idempotent: boolean;
}

/** What a tool found: as data, and as a text for a model to read, in which what comes from outside is quoted. */
export interface ToolResult<Data> {
  readonly data: Data;
  readonly text: string;
}

/** A tool as it is written: its words, its shapes and what it does. */
export interface Tool<
  Input extends GenericSchema = GenericSchema,
  Output extends GenericSchema = GenericSchema,
> {
  readonly name: string;
  readonly title: string;
  /** For a model: when to call it, and what comes back. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly hints: ToolHints;
  run(
    opened: OpenedProject,
    input: InferOutput<Input>,
    waiting: Waiting,
  ): Promise<ToolResult<InferOutput<Output>>>;
}

/** Keeps the types of a tool's shapes. */
export function tool<Input extends GenericSchema, Output extends GenericSchema>(
  definition: Tool<Input, Output>,
): Tool {
  return definition as unknown as Tool;
}
