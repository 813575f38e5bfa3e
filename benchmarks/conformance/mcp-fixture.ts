import { setTimeout as delay } from "node:timers/promises";
import {
  type CallToolResult,
  fromJsonSchema,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { addModern, states } from "./mcp-fixture-modern.js";

/** A picture of one dot, and a sound of no length. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

const EMBEDDED = "test://embedded-resource";

/**
 * The server that the protocol's suite asks for: tools, resources and prompts with the names and answers that its scenarios state. None of
 * ours are among them: what is tested is how we serve.
 */
export function fixtureServer(): McpServer {
  const server = new McpServer(
    { name: "agentos-conformance", version: "1.0.0" },
    {
      requestState: { verify: states.verify },
      capabilities: { logging: {}, completions: {}, prompts: {}, resources: { subscribe: true }, tools: {} },
    },
  );
  addAnswers(server);
  addWork(server);
  addQuestions(server);
  addResources(server);
  addPrompts(server);
  addModern(server);
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
  server.server.setRequestHandler("completion/complete", ({ params: { argument } }) => ({
    completion: { values: ["paris", "park", "party"].filter((word) => word.startsWith(argument.value)) },
  }));
  return server;
}

function says(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

/** Tools that answer at once. */
function addAnswers(server: McpServer): void {
  const answers: Readonly<Record<string, CallToolResult["content"]>> = {
    test_simple_text: [{ type: "text", text: "This is a simple text response for testing." }],
    test_image_content: [{ type: "image", data: PNG, mimeType: "image/png" }],
    test_audio_content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
    test_embedded_resource: [
      {
        type: "resource",
        resource: { uri: EMBEDDED, mimeType: "text/plain", text: "This is an embedded resource content." },
      },
    ],
    test_multiple_content_types: [
      { type: "text", text: "Multiple content types test:" },
      { type: "image", data: PNG, mimeType: "image/png" },
      {
        type: "resource",
        resource: {
          uri: "test://mixed-content-resource",
          mimeType: "application/json",
          text: JSON.stringify({ test: "data", value: 123 }),
        },
      },
    ],
  };
  for (const [name, content] of Object.entries(answers))
    server.registerTool(name, { description: `Answers as ${name} is to` }, () => ({ content }));
  server.registerTool("test_error_handling", { description: "Fails" }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: {
      address: {
        $anchor: "addressDef",
        type: "object",
        properties: { street: { type: "string" }, city: { type: "string" } },
      },
    },
    properties: {
      name: { type: "string" },
      address: { $ref: "#/$defs/address" },
      contactMethod: { type: "string", enum: ["phone", "email"] },
      phone: { type: "string" },
      email: { type: "string" },
    },
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ["phone"] },
    else: { required: ["email"] },
    additionalProperties: false,
  } as const;
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "Tool with JSON Schema 2020-12 features", inputSchema: fromJsonSchema(schema) },
    () => says("done"),
  );
}

/** Tools that take their time. */
function addWork(server: McpServer): void {
  server.registerTool("test_tool_with_logging", { description: "Logs" }, async ({ mcpReq }) => {
    for (const line of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await mcpReq.log("info", line);
      await delay(50);
    }
    return says("Logged.");
  });
  server.registerTool(
    "test_tool_with_progress",
    { description: "Tells its progress" },
    async ({ mcpReq }) => {
      const token = mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        const params = { progressToken: token ?? "", progress, total: 100 };
        if (token !== undefined) await mcpReq.notify({ method: "notifications/progress", params });
        await delay(50);
      }
      return says("Done.");
    },
  );
  server.registerTool("test_reconnection", { description: "Cuts its stream off" }, async ({ http }) => {
    http?.closeSSE?.();
    await delay(100);
    return says("Reconnection test completed successfully");
  });
}

/** Tools that ask the client. */
function addQuestions(server: McpServer): void {
  const prompt = toStandardJsonSchema(v.object({ prompt: v.string() }));
  server.registerTool(
    "test_sampling",
    { description: "Asks a model", inputSchema: prompt },
    async ({ prompt: text }, { mcpReq }) => {
      const messages = [{ role: "user" as const, content: { type: "text" as const, text } }];
      const { content } = await mcpReq.requestSampling(
        { messages, maxTokens: 100 },
        { relatedRequestId: mcpReq.id },
      );
      const [said] = Array.isArray(content) ? content : [content];
      return says(`LLM response: ${said?.type === "text" ? said.text : JSON.stringify(said)}`);
    },
  );
  const message = toStandardJsonSchema(v.object({ message: v.string() }));
  server.registerTool(
    "test_elicitation",
    { description: "Asks a person", inputSchema: message },
    async ({ message: text }, context) => {
      const properties = {
        username: { type: "string" as const, description: "User's response" },
        email: { type: "string" as const, description: "User's email address" },
      };
      const asked = await ask(context, text, properties, ["username", "email"]);
      return says(`User response: ${asked}`);
    },
  );
  const titled = (values: readonly string[], titles: readonly string[]) =>
    values.map((value, number) => ({ const: value, title: titles[number] ?? value }));
  server.registerTool("test_elicitation_sep1034_defaults", { description: "Asks with defaults" }, (context) =>
    asks(context, {
      name: { type: "string", default: "John Doe" },
      age: { type: "integer", default: 30 },
      score: { type: "number", default: 95.5 },
      status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
      verified: { type: "boolean", default: true },
    }),
  );
  server.registerTool("test_elicitation_sep1330_enums", { description: "Asks for a choice" }, (context) =>
    asks(context, {
      untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
      titledSingle: {
        type: "string",
        oneOf: titled(["value1", "value2", "value3"], ["First Option", "Second Option", "Third Option"]),
      },
      legacyEnum: {
        type: "string",
        enum: ["opt1", "opt2", "opt3"],
        enumNames: ["Option One", "Option Two", "Option Three"],
      },
      untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
      titledMulti: {
        type: "array",
        items: {
          anyOf: titled(["value1", "value2", "value3"], ["First Choice", "Second Choice", "Third Choice"]),
        },
      },
    }),
  );
}

type Properties = Parameters<ServerContext["mcpReq"]["elicitInput"]>[0] extends infer Params
  ? Params extends { requestedSchema: { properties: infer Of } }
    ? Of
    : never
  : never;

async function ask(
  { mcpReq }: ServerContext,
  message: string,
  properties: Properties,
  required: string[] = [],
): Promise<string> {
  const requestedSchema = { type: "object" as const, properties, required };
  const { action, content } = await mcpReq.elicitInput(
    { message, requestedSchema },
    { relatedRequestId: mcpReq.id },
  );
  return `action=${action}, content=${JSON.stringify(content ?? {})}`;
}

async function asks(context: ServerContext, properties: Properties): Promise<CallToolResult> {
  return says(`Elicitation completed: ${await ask(context, "Please answer.", properties)}`);
}

function addResources(server: McpServer): void {
  server.registerResource(
    "static-text",
    "test://static-text",
    { mimeType: "text/plain" },
    ({ href: uri }) => ({
      contents: [{ uri, mimeType: "text/plain", text: "This is the content of the static text resource." }],
    }),
  );
  server.registerResource(
    "static-binary",
    "test://static-binary",
    { mimeType: "image/png" },
    ({ href: uri }) => ({
      contents: [{ uri, mimeType: "image/png", blob: PNG }],
    }),
  );
  server.registerResource(
    "watched",
    "test://watched-resource",
    { mimeType: "text/plain" },
    ({ href: uri }) => ({
      contents: [{ uri, mimeType: "text/plain", text: "Nothing changes here." }],
    }),
  );
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { mimeType: "application/json" },
    ({ href: uri }, { id }) => {
      const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` });
      return { contents: [{ uri, mimeType: "application/json", text }] };
    },
  );
}

function addPrompts(server: McpServer): void {
  const user = "user" as const;
  const text = (said: string) => ({ role: user, content: { type: "text" as const, text: said } });
  server.registerPrompt("test_simple_prompt", { description: "Says one thing" }, () => ({
    messages: [text("This is a simple prompt for testing.")],
  }));
  server.registerPrompt(
    "test_prompt_with_arguments",
    {
      description: "Says two things",
      argsSchema: toStandardJsonSchema(v.object({ arg1: v.string(), arg2: v.string() })),
    },
    ({ arg1, arg2 }) => ({ messages: [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    {
      description: "Holds a resource",
      argsSchema: toStandardJsonSchema(v.object({ resourceUri: v.string() })),
    },
    ({ resourceUri: uri }) => ({
      messages: [
        {
          role: user,
          content: {
            type: "resource" as const,
            resource: { uri, mimeType: "text/plain", text: "Embedded resource content for testing." },
          },
        },
        text("Please process the embedded resource above."),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description: "Holds a picture" }, () => ({
    messages: [
      { role: user, content: { type: "image" as const, data: PNG, mimeType: "image/png" } },
      text("Please analyze the image above."),
    ],
  }));
}
