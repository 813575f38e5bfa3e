import { encode } from "gpt-tokenizer/encoding/o200k_base";
import type { PartResult } from "../lib/parts.js";
import type { McpBench } from "./context.js";
import { smallProject } from "./projects.js";
import { connect } from "./server.js";

/** What the tools cost a model before it has called one. */
export async function wordsPart(bench: McpBench): Promise<PartResult> {
  const { client } = await connect(await smallProject(bench.folder, "words"));
  try {
    const { tools } = await client.listTools();
    const tokens = tools.map((tool) => ({ name: tool.name, count: encode(JSON.stringify(tool)).length }));
    return {
      metrics: [
        { name: "mcp.tools", value: tools.length, unit: "count", target: { atMost: 8 } },
        {
          name: "mcp.schema_tokens",
          value: encode(JSON.stringify(tools)).length,
          unit: "count",
          target: { atMost: 2_000 },
        },
      ],
      notes: tokens.map(({ name, count }) => `${name}: ${count} tokens (o200k)`),
    };
  } finally {
    await client.close();
  }
}
