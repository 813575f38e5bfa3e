import { type StandardShape, standardShape } from "./standard-schema.js";
import type { Tool } from "./tool.js";
import { TOOLS } from "./tools/all.js";

/** A tool with its shapes as clients are told them. */
export interface PreparedTool {
  readonly tool: Tool;
  readonly input: StandardShape<unknown>;
  readonly output: StandardShape<unknown>;
}

/** Written out once for all connections. */
export function preparedTools(): readonly PreparedTool[] {
  return TOOLS.map((tool) => ({
    tool,
    input: standardShape(tool.input),
    output: standardShape(tool.output),
  }));
}
