import { readFile } from "node:fs/promises";
import { toJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, it } from "vitest";
import { configSchema } from "../src/config-schema.js";

const FILE = new URL("../schema/agentos.schema.json", import.meta.url);

function generated(): Record<string, unknown> {
  return { title: "AgentOS configuration", ...toJsonSchema(configSchema) };
}

describe("the published JSON schema", () => {
  it("is what the code checks (after a change: npx vitest run packages/cli/test/schema -u, then biome)", async () => {
    if (expect.getState().snapshotState.snapshotUpdateState === "all") {
      await (await import("node:fs/promises")).writeFile(FILE, `${JSON.stringify(generated(), null, 2)}\n`);
    }
    expect(JSON.parse(await readFile(FILE, "utf8"))).toEqual(JSON.parse(JSON.stringify(generated())));
  });

  it("refuses unknown keys at every level and describes every key", () => {
    const walk = (schema: Record<string, unknown>, path: string) => {
      if (schema["type"] !== "object") return;
      expect(schema["additionalProperties"], path).toBe(false);
      for (const [key, inner] of Object.entries(
        schema["properties"] as Record<string, Record<string, unknown>>,
      )) {
        if (path !== "config.model.prices")
          expect(inner["description"], `${path}.${key}`).toBeTypeOf("string");
        walk(inner, `${path}.${key}`);
      }
    };
    walk(generated(), "config");
  });
});
