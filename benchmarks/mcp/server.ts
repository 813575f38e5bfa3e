import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** A server of its own, and its client. */
export interface Connected {
  readonly client: Client;
  readonly pid: number;
  /** From the start of the process to its answer to `initialize`, in milliseconds. */
  readonly readyMs: number;
}

/** Starts `agentos mcp` for a project, as a client does. */
export async function connect(project: string): Promise<Connected> {
  const manifest = createRequire(import.meta.url).resolve("@agentos/cli/package.json");
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(dirname(manifest), "dist", "bin.js"), "mcp", "--project", project],
    env: { ...(process.env as Record<string, string>) },
    stderr: "inherit",
  });
  const client = new Client({ name: "bench", version: "1" });
  const started = performance.now();
  await client.connect(transport);
  const readyMs = performance.now() - started;
  const { pid } = transport;
  if (pid === null) throw new Error("The server has no process.");
  return { client, pid, readyMs };
}

/** Calls a tool, in milliseconds. Throws when it fails. */
export async function timedCall(
  client: Client,
  name: string,
  input: Record<string, unknown>,
): Promise<number> {
  const started = performance.now();
  const result = await client.callTool({ name, arguments: input });
  const taken = performance.now() - started;
  if (result.isError) throw new Error(`${name} failed: ${JSON.stringify(result.content)}`);
  return taken;
}
