import { randomBytes } from "node:crypto";
import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  fromJsonSchema,
  type InputRequiredResult,
  inputRequired,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";

/** How far a call has come travels by way of the client: sealed, so that it comes back as it went. One key for all servers of the process. */
export const states: ReturnType<typeof createRequestStateCodec<{ step: number }>> = createRequestStateCodec<{
  step: number;
}>({ key: randomBytes(32) });

type Answer = CallToolResult | InputRequiredResult | Promise<CallToolResult | InputRequiredResult>;

function says(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

function question(message: string, name: string, type: "string" | "boolean" = "string") {
  const of = type === "string" ? { type: "string" as const } : { type: "boolean" as const };
  const requestedSchema = { type: "object" as const, properties: { [name]: of }, required: [name] };
  return inputRequired.elicit({ message, requestedSchema });
}

function thought(text: string) {
  const messages = [{ role: "user" as const, content: { type: "text" as const, text } }];
  return inputRequired.createMessage({ messages, maxTokens: 50 });
}

function answered({ mcpReq }: ServerContext, key: string): Record<string, unknown> | undefined {
  return acceptedContent<Record<string, unknown>>(mcpReq.inputResponses, key);
}

function has({ mcpReq }: ServerContext, key: string): boolean {
  return mcpReq.inputResponses?.[key] !== undefined;
}

/** What the revision of July 2026 adds: instead of asking a client, a tool answers what it still needs, and is called again. */
export function addModern(server: McpServer): void {
  const add = (name: string, run: (context: ServerContext) => Answer): void => {
    server.registerTool(name, { description: `Answers as ${name} is to` }, run);
  };
  for (const name of ["test_streaming_elicitation", "test_trigger_tool_change", "test_trigger_prompt_change"])
    add(name, () => says("done"));
  add("test_logging_tool", async ({ mcpReq }) => {
    await mcpReq.log("info", "logged");
    return says("logged");
  });
  add("test_missing_capability", (context) =>
    has(context, "answer") ? says("done") : inputRequired({ inputRequests: { answer: thought("Say pong") } }),
  );
  addOneRound(add);
  addStates(add);
  server.registerPrompt("test_input_required_result_prompt", { description: "Asks first" }, (context) => {
    const said = answered(context, "user_context")?.["context"];
    if (typeof said === "string")
      return { messages: [{ role: "user", content: { type: "text", text: said } }] };
    return inputRequired({
      inputRequests: { user_context: question("What context should the prompt use?", "context") },
    });
  });
  const region = { type: "string", "x-mcp-header": "Region" };
  server.registerTool(
    "test_x_mcp_header",
    {
      description: "Has an argument that a header repeats",
      inputSchema: fromJsonSchema({ type: "object", properties: { region } }),
    },
    () => says("done"),
  );
}

type Add = (name: string, run: (context: ServerContext) => Answer) => void;

function addOneRound(add: Add): void {
  add("test_input_required_result_elicitation", (context) => {
    const name = answered(context, "user_name")?.["name"];
    if (typeof name === "string") return says(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: question("What is your name?", "name") } });
  });
  add("test_input_required_result_sampling", (context) => {
    if (has(context, "capital_question"))
      return says(JSON.stringify(context.mcpReq.inputResponses?.["capital_question"]));
    return inputRequired({ inputRequests: { capital_question: thought("What is the capital of France?") } });
  });
  add("test_input_required_result_list_roots", (context) => {
    if (has(context, "client_roots"))
      return says(JSON.stringify(context.mcpReq.inputResponses?.["client_roots"]));
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  add("test_input_required_result_capabilities", ({ mcpReq }) => {
    if (mcpReq.inputResponses !== undefined) return says("done");
    const envelope: { readonly [key: string]: unknown } = mcpReq.envelope ?? {};
    const can = envelope[CLIENT_CAPABILITIES_META_KEY] as Partial<Record<string, object>> | undefined;
    const inputRequests = {
      ...(can?.["elicitation"] && { user_name: question("What is your name?", "name") }),
      ...(can?.["sampling"] && { greeting: thought("Greet") }),
    };
    return Object.keys(inputRequests).length > 0
      ? inputRequired({ inputRequests })
      : says("There is nothing to ask with.");
  });
}

function addStates(add: Add): void {
  for (const name of ["request_state", "tampered_state"]) {
    add(`test_input_required_result_${name}`, async (context) => {
      if (answered(context, "confirm") && context.mcpReq.requestState() !== undefined)
        return says("state-ok");
      return inputRequired({
        inputRequests: { confirm: question("Please confirm", "ok", "boolean") },
        requestState: await states.mint({ step: 1 }),
      });
    });
  }
  add("test_input_required_result_multiple_inputs", async (context) => {
    if (["user_name", "greeting", "client_roots"].every((key) => has(context, key)))
      return says("All are there.");
    return inputRequired({
      inputRequests: {
        user_name: question("What is your name?", "name"),
        greeting: thought("Greet"),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await states.mint({ step: 1 }),
    });
  });
  add("test_input_required_result_multi_round", async (context) => {
    const step = context.mcpReq.requestState<{ step: number }>()?.step;
    if (step === 2 && answered(context, "step2")) return says("complete");
    const isSecond = step === 1 && answered(context, "step1") !== undefined;
    const asked = isSecond
      ? question("What is your favourite colour?", "color")
      : question("What is your name?", "name");
    const inputRequests = { [isSecond ? "step2" : "step1"]: asked };
    return inputRequired({ inputRequests, requestState: await states.mint({ step: isSecond ? 2 : 1 }) });
  });
}
