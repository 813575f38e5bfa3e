import { chmod, mkdir, readFile, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { CLIENTS, type ClientName } from "../src/clients/client.js";
import { applyInstall, type InstallOptions, planInstall } from "../src/clients/install.js";
import { projectWith } from "./client.js";

const server = { command: "agentos", args: ["mcp"] };
const names = Object.keys(CLIENTS) as ClientName[];

async function options(
  client: ClientName,
  files: Readonly<Record<string, string>> = {},
): Promise<InstallOptions> {
  const project = await projectWith(files);
  return { client, project, home: await projectWith({}), server, platform: "linux" };
}

describe.each(names)("%s", (client) => {
  const edited = (text: string | undefined) => CLIENTS[client].edited(text, server, "its file");
  const read = (text: string) => (client === "codex" ? parseToml(text) : parseJsonc(text));

  test("a new file is made, readable by its owner alone, and is the same the second time", async () => {
    const given = await options(client);
    const plan = await planInstall(given);
    expect(plan.before).toBeUndefined();
    expect(plan.diff).toContain("+");
    await applyInstall(plan);
    expect((await stat(plan.file)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(read(await readFile(plan.file, "utf8")))).toContain('"command":"agentos"');
    const again = await planInstall(given);
    expect(again.diff).toBe("");
  });

  test("what was there stays, and the server is replaced where it stood", () => {
    const once = edited(undefined);
    const other =
      client === "codex" ? '# mine\nmodel = "x" # yes\n\n[mcp_servers.other]\ncommand = "o"\n' : null;
    const before =
      other ??
      '{\n    // mine\n    "theme": "dark",\n    "mcpServers": { "other": { "command": "o" } },\n    "servers": {}, // yes\n}\n';
    const after = edited(before);
    for (const kept of before.match(/mine|yes|"?other"?|theme|model/g) ?? []) expect(after).toContain(kept);
    const plain = (text: string) => {
      const value = structuredClone(read(text)) as Record<string, Record<string, unknown> | undefined>;
      for (const key of ["mcpServers", "servers", "mcp_servers"]) delete value[key]?.["agentos"];
      return value;
    };
    expect(plain(after)).toEqual(plain(before));
    const changed = CLIENTS[client].edited(after, { command: "/opt/agentos", args: ["mcp", "--http"] }, "f");
    expect(plain(changed)).toEqual(plain(before));
    expect(changed).toContain("/opt/agentos");
    expect(edited(changed)).toBe(after);
    expect(edited(once)).toBe(once);
  });

  test.each([
    "{ broken",
    "[1",
    client === "codex" ? 'mcp_servers = "x"' : '{ "mcpServers": [], "servers": 3 }',
  ])("%s is refused, and stays", async (text) => {
    expect(() => edited(text)).toThrow(/Nothing was written/);
    expect(() => edited(text)).toSatisfy((run: () => void) => {
      try {
        run();
        return false;
      } catch (error) {
        return isAgentOSError(error, "MCP_CONFIG_INVALID");
      }
    });
  });
});

test("what a user added to the server's own entry stays", () => {
  const json = '{ "mcpServers": { "agentos": { "command": "old", "env": { "A": "1" } /* mine */ } } }';
  const entry = parseJsonc(CLIENTS["claude-code"].edited(json, server, "f")).mcpServers.agentos;
  expect(entry).toEqual({ type: "stdio", command: "agentos", args: ["mcp"], env: { A: "1" } });
  expect(CLIENTS["claude-code"].edited(json, server, "f")).toContain("/* mine */");
  const toml =
    '[mcp_servers.agentos]\r\n# mine\r\ncommand = "old"\r\ntool_timeout_sec = 300\r\n\r\n[mcp_servers.agentos.env]\r\nA = "1"\r\n';
  const edited = CLIENTS.codex.edited(toml, server, "f");
  expect(parseToml(edited)["mcp_servers"]).toEqual({
    agentos: { ...server, tool_timeout_sec: 300, env: { A: "1" } },
  });
  expect(edited).toContain("# mine\r\n");
  expect(edited.replaceAll("\r\n", "")).not.toContain("\n");
  expect(CLIENTS.codex.edited(edited, server, "f")).toBe(edited);
});

test("a byte order mark stays", () => {
  expect(CLIENTS.cursor.edited('\ufeff{ "a": 1 }\n', server, "f")).toMatch(/^\ufeff\{/);
});

test("line ends and indentation are the file's", () => {
  const tabs = CLIENTS.cursor.edited('{\r\n\t"mcpServers": {\r\n\t\t"a": {}\r\n\t}\r\n}\r\n', server, "f");
  expect(tabs).toContain('\r\n\t\t"agentos": {\r\n\t\t\t"command"');
  expect(tabs.replaceAll("\r\n", "")).not.toContain("\n");
});

test("tables of TOML in any order keep their values (300 runs)", () => {
  const key = fc.stringMatching(/^[a-z]{1,6}$/);
  const value = fc.oneof(fc.string({ maxLength: 9 }), fc.integer(), fc.boolean());
  const table = fc.tuple(
    fc.constantFrom(
      "mcp_servers.other",
      "mcp_servers.agentos",
      "mcp_servers.agentos.env",
      "profiles.x",
      'a."b.c"',
    ),
    fc.dictionary(key, value, { maxKeys: 3 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(table, { selector: ([name]) => name, maxLength: 5 }), (tables) => {
      const text = tables
        .map(([name, entries]) =>
          [
            `[${name}] # of mine`,
            ...Object.entries(entries).map(([k, v]) => `${k} = ${JSON.stringify(v)}`),
          ].join("\n"),
        )
        .join("\n\n");
      let before: Record<string, unknown>;
      try {
        before = parseToml(text);
      } catch {
        return;
      }
      let after: string;
      try {
        after = CLIENTS.codex.edited(text, server, "f");
      } catch (error) {
        expect(isAgentOSError(error, "MCP_CONFIG_INVALID")).toBe(true);
        return;
      }
      const known = before["mcp_servers"] as { readonly agentos?: object } | undefined;
      const servers = { ...known, agentos: { ...known?.agentos, ...server } };
      expect(parseToml(after)).toEqual({ ...before, mcp_servers: servers });
    }),
    { numRuns: 300 },
  );
});

test("a file that changed meanwhile, or cannot be written, is not touched", async () => {
  const given = await options("cursor", { ".cursor/mcp.json": "{}" });
  const plan = await planInstall(given);
  await writeFile(plan.file, '{ "mine": 1 }');
  await expect(applyInstall(plan)).rejects.toSatisfy((error) =>
    isAgentOSError(error, "MCP_CONFIG_UNREADABLE"),
  );
  expect(await readFile(plan.file, "utf8")).toBe('{ "mine": 1 }');
  const folder = await options("cursor", { ".cursor/mcp.json/x": "" });
  await expect(planInstall(folder)).rejects.toSatisfy((error) =>
    isAgentOSError(error, "MCP_CONFIG_UNREADABLE"),
  );
});

test("the mode of a file stays, a link of the user is followed, one that leads out of a project is not", async () => {
  const given = await options("claude-code");
  const user = { ...given, user: true };
  const real = join(given.home, "dotfiles", "claude.json");
  await mkdir(dirname(real));
  await writeFile(real, "{}");
  await chmod(real, 0o640);
  await symlink(real, join(given.home, ".claude.json"));
  const plan = await planInstall(user);
  expect(plan.file).toBe(await realpath(real));
  await applyInstall(plan);
  expect((await stat(real)).mode & 0o777).toBe(0o640);
  await symlink(real, join(given.project, ".mcp.json"));
  await expect(planInstall(given)).rejects.toThrow(/outside of the project/);
});
