import type { McpServer } from "@modelcontextprotocol/server";
import * as v from "valibot";
import { candidateOf, taskOf } from "./change.js";
import type { OpenedProject } from "./opened-project.js";
import { text } from "./shapes.js";
import { standardShape } from "./standard-schema.js";

/** Prompts that a person chooses in a client. */
export function addPrompts(server: McpServer, opened: OpenedProject): void {
  server.registerPrompt(
    "brief",
    {
      title: "Brief me on a task",
      description: "What is remembered, what went wrong before and the code that matters, for a task",
      argsSchema: standardShape(v.object({ task: text("what is to be done") })),
    },
    async ({ task: prompt }, { mcpReq: { signal } }) => {
      const { agentos, project } = await opened.project({ signal, report() {} });
      const brief = await agentos.brief(await taskOf(project, prompt, candidateOf({})), { signal });
      return userMessage(`${brief.text}\n\nThe task: ${prompt}`);
    },
  );
  server.registerPrompt(
    "fix_failing_tests",
    {
      title: "Fix failing tests",
      description: "Find what fails, mend it, and prove it before a file is written",
    },
    () =>
      userMessage(
        "Call verify without a change to see what fails. Look at the code with symbol and impact. Then call verify with a patch until it passes, write the files, and remember what was the cause if others could run into it.",
      ),
  );
}

function userMessage(content: string) {
  return { messages: [{ role: "user" as const, content: { type: "text" as const, text: content } }] };
}
