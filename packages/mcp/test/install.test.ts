import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { describe, expect, onTestFinished, test } from "vitest";
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
    agentos: { ...server, startup_timeout_sec: 60, tool_timeout_sec: 300, env: { A: "1" } },
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

const refused = (code: string) =>
  expect.objectContaining({ code, message: expect.stringContaining("Nothing was written") });

describe.each(names)("%s", (client) => {
  test("bytes that are no UTF-8 are refused, and stay", async () => {
    const given = await options(client);
    const { file } = await planInstall(given);
    const bytes = Buffer.concat([
      Buffer.from(client === "codex" ? 'a = "' : '{ "a": "'),
      Buffer.from([0xe9, 0x22, 0x7d]),
    ]);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    await expect(planInstall(given)).rejects.toEqual(refused("MCP_CONFIG_INVALID"));
    expect(await readFile(file)).toEqual(bytes);
  });

  test("a byte order mark in the file stays", async () => {
    const given = await options(client);
    const { file } = await planInstall(given);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, client === "codex" ? '\ufeffa = "é"\n' : '\ufeff{ "a": "é" }\n');
    await applyInstall(await planInstall(given));
    const after = await readFile(file, "utf8");
    expect(after).toMatch(/^\ufeff[^\ufeff]*é[^\ufeff]*agentos/);
    expect((await planInstall(given)).diff).toBe("");
  });

  test("a file that may not be written is not replaced", async () => {
    const given = await options(client);
    const { file } = await planInstall(given);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "");
    await asOrdinaryUser(given.project, dirname(file), file);
    await chmod(file, 0o444);
    const plan = await planInstall(given);
    await expect(applyInstall(plan)).rejects.toEqual(refused("MCP_CONFIG_UNREADABLE"));
    expect(await readFile(file, "utf8")).toBe("");
    await chmod(file, 0o644);
    await applyInstall(plan);
    expect(await readFile(file, "utf8")).toContain("agentos");
  });

  test.each([false, true])("a link to nothing is refused, and stays (all projects: %s)", async (user) => {
    const given = { ...(await options(client)), user };
    const { file } = await planInstall(given);
    const nowhere = join(await projectWith({}), "nowhere");
    await mkdir(dirname(file), { recursive: true });
    await symlink(nowhere, file);
    await expect(planInstall(given)).rejects.toEqual(refused("MCP_CONFIG_UNREADABLE"));
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readdir(dirname(nowhere))).toEqual([]);
  });

  test("links of the home folder are followed, and stay", async () => {
    const given = { ...(await options(client)), user: true };
    const { file } = await planInstall(given);
    const dotfiles = await realpath(await projectWith({}));
    const folder = dirname(file);
    if (client !== "claude-code") {
      await mkdir(dirname(folder), { recursive: true });
      await symlink(dotfiles, folder);
    } else {
      await writeFile(join(dotfiles, "claude.json"), "{}");
      await symlink(join(dotfiles, "claude.json"), file);
    }
    const plan = await planInstall(given);
    expect(dirname(plan.file)).toBe(dotfiles);
    await applyInstall(plan);
    expect((await lstat(client === "claude-code" ? file : folder)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, "utf8")).toContain("agentos");
    expect((await planInstall(given)).diff).toBe("");
  });

  test("an entry that connects to a url is refused: clients take no command beside it", () => {
    const text =
      client === "codex"
        ? '[mcp_servers.agentos]\nurl = "http://127.0.0.1:7333/mcp"\n'
        : '{ "mcpServers": { "agentos": { "url": "u" } }, "servers": { "agentos": { "url": "u" } } }';
    expect(() => CLIENTS[client].edited(text, server, "f")).toThrow(/by its url; remove that entry first/);
  });
});

describe.each(names.filter((name) => name !== "claude-code"))("%s has a folder of its own", (client) => {
  const folderOf = (root: string) =>
    dirname(CLIENTS[client].projectFile({ project: root, home: root, platform: "linux" }));

  test("a folder of the project that is a link out of it is refused", async () => {
    const given = await options(client);
    const outside = await projectWith({});
    await symlink(outside, folderOf(given.project));
    await expect(planInstall(given)).rejects.toEqual(refused("MCP_CONFIG_UNREADABLE"));
    await expect(planInstall(given)).rejects.toThrow(/outside of the project/);
    expect(await readdir(outside)).toEqual([]);
  });

  test("a folder of the project may be a link into it", async () => {
    const given = await options(client);
    await mkdir(join(given.project, "editors"));
    await symlink("editors", folderOf(given.project));
    const plan = await planInstall(given);
    await applyInstall(plan);
    expect(dirname(plan.file)).toBe(join(await realpath(given.project), "editors"));
    expect((await lstat(folderOf(given.project))).isSymbolicLink()).toBe(true);
    expect((await planInstall(given)).diff).toBe("");
  });
});

/** Root may write everything: where the tests run as root, this process acts as another user until the test ends. */
async function asOrdinaryUser(...paths: readonly string[]): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  for (const path of paths) await chown(path, 65_534, 65_534);
  process.seteuid?.(65_534);
  onTestFinished(() => process.seteuid?.(0));
}
