import { isAgentOSError, type Memory } from "@agentos/core";
import {
  type McpServer,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { OpenedProject, Waiting } from "./opened-project.js";
import { quoted, quotedLine } from "./quoting.js";

/** Tokens of the map that is read as a resource. */
const MAP_TOKENS = 2_000;
const MAP_CHARACTERS = 16_000;
/** Memories that are listed. */
const LISTED = 100;

/** What can be read without calling a tool: the map, memories, and why an outcome was as it was. */
export function addResources(server: McpServer, opened: OpenedProject): void {
  server.registerResource(
    "map",
    "agentos://map",
    {
      title: "Map of the project",
      description: "The files and signatures that matter most",
      mimeType: "text/plain",
    },
    async (uri, context) => {
      const { project } = await opened.project(waitingOf(context));
      const { text } = await project.repoMap({ tokens: MAP_TOKENS, signal: context.mcpReq.signal });
      return textOf(uri.href, quoted(text, MAP_CHARACTERS));
    },
  );
  server.registerResource(
    "memories",
    "agentos://memories",
    { title: "Memories", description: "What is remembered, newest first", mimeType: "text/plain" },
    async (uri, { mcpReq }) => {
      const memories = await newest(opened, mcpReq.signal);
      const lines = memories.map(({ id, kind, content, trust }) =>
        quotedLine(`${id} (${kind}${trust === "outside" ? ", from outside" : ""}) ${content}`),
      );
      return textOf(uri.href, lines.length > 0 ? lines.join("\n") : "Nothing is remembered yet.");
    },
  );
  server.registerResource(
    "report",
    new ResourceTemplate("agentos://outcomes/{id}", { list: undefined }),
    {
      title: "Report of an outcome",
      description: "Why a change passed or failed, and what was forecast",
      mimeType: "text/plain",
    },
    async (uri, { id }) => {
      const agentos = await opened.agentos();
      try {
        const { text } = await agentos.explain(String(id));
        return textOf(uri.href, quoted(text));
      } catch (error) {
        if (isAgentOSError(error, "OUTCOME_UNKNOWN")) throw new ResourceNotFoundError(uri.href);
        throw error;
      }
    },
  );
}

/** Memories are listed oldest first. */
async function newest(opened: OpenedProject, signal: AbortSignal): Promise<readonly Memory[]> {
  const { memory, scopes } = await opened.agentos();
  const last: Memory[] = [];
  for await (const one of memory.list({ scopes, signal })) {
    last.push(one);
    if (last.length > LISTED) last.shift();
  }
  return last.reverse();
}

function textOf(uri: string, text: string) {
  return { contents: [{ uri, mimeType: "text/plain", text }] };
}

function waitingOf({ mcpReq }: ServerContext): Waiting {
  return { signal: mcpReq.signal, report() {} };
}
