import { chmod, cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ended, Playground } from "./bin.js";

const CLI = fileURLToPath(new URL("..", import.meta.url));
const FILES = {
  "claude-code": ".mcp.json",
  cursor: ".cursor/mcp.json",
  vscode: ".vscode/mcp.json",
  codex: ".codex/config.toml",
} as const;
const clients = Object.keys(FILES) as (keyof typeof FILES)[];

let at: Playground;
beforeEach(async () => {
  at = await Playground.open();
});
afterEach(() => at.close());

const written = (client: keyof typeof FILES) => readFile(join(at.root, FILES[client]), "utf8");

/** A folder with a program `agentos` in it. */
async function folderOfAgentos(...parts: readonly string[]): Promise<string> {
  const folder = join(at.base, ...parts);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "agentos"), "#!/bin/sh\n");
  await chmod(join(folder, "agentos"), 0o755);
  return folder;
}

/** The package as npm installs it, and a run of it as npm makes one: its PATH begins with the folder of the package's commands. */
async function runInstalled(
  args: readonly string[],
  folder = join(at.base, "elsewhere", "node_modules"),
): Promise<Ended> {
  const own = join(folder, "@agentos", "cli");
  for (const part of ["package.json", "dist"])
    await cp(join(CLI, part), join(own, part), { recursive: true });
  await symlink(join(CLI, "node_modules"), join(own, "node_modules"));
  const bin = join(folder, ".bin");
  await mkdir(bin);
  await symlink(join("..", "@agentos", "cli", "dist", "bin.js"), join(bin, "agentos"));
  const path = [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  return at.run(args, { environment: { PATH: path }, bin: join(own, "dist", "bin.js") });
}

describe.each(clients)("mcp install --client %s", (client) => {
  const install = ["mcp", "install", "--client", client];

  it("shows the change, writes it when told to, and is done the second time", async () => {
    const environment = { PATH: await folderOfAgentos("bin") };
    const shown = await at.run(install, { environment });
    expect(shown).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("not written yet: add --write"),
    });
    await expect(written(client)).rejects.toThrow("ENOENT");
    const done = await at.run([...install, "--write"], { environment });
    expect(done, done.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(": written\n") });
    expect(await written(client)).toMatch(/"?command"?( =|:) "agentos"/);
    const again = await at.run([...install, "--write"], { environment });
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("is there already") });
  });

  it("by the installed package writes what all who share the file can start", async () => {
    const done = await runInstalled([...install, "--write"]);
    expect(done, done.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("with npx") });
    const text = await written(client);
    expect(text).toMatch(/"?command"?( =|:) "npx"/);
    expect(text).toMatch(/"?args"?( =|:) \[ ?"-y", "@agentos\/cli", "mcp"/);
    expect(text).not.toContain(at.base);
  });

  it("by a checkout says that its paths are this machine's", async () => {
    const { exitCode, stdout } = await at.run([...install, "--write"], { environment: { PATH: "/usr/bin" } });
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("do not share"),
    });
    expect(await written(client)).toContain(JSON.stringify(join(CLI, "dist", "bin.js")));
  });
});

it("for all projects changes the file of the home folder", async () => {
  const environment = { PATH: await folderOfAgentos("bin") };
  const args = ["mcp", "install", "--client", "cursor", "--user", "--write", "--json"];
  const { stdout } = await at.run(args, { environment });
  const file = join(at.base, "home", ".cursor", "mcp.json");
  expect(JSON.parse(stdout)).toMatchObject({
    file,
    written: true,
    server: { command: "agentos", args: ["mcp"] },
    note: expect.not.stringContaining("share"),
  });
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
    mcpServers: { agentos: { command: "agentos" } },
  });
});

it.each([["node_modules", ".bin"], [".npm", "_npx", "0123", "node_modules", ".bin"], ["xfs-0123"]])(
  "an agentos that only a run of npm, npx or Yarn sees is none: %s",
  async (...parts) => {
    const seen = await folderOfAgentos(...parts);
    const link = join(at.base, "link");
    await symlink(seen, link);
    for (const path of [seen, link]) {
      const { stdout } = await at.run(["mcp", "install", "--client", "codex"], {
        environment: { PATH: path },
      });
      expect(stdout).toContain('+command = "/');
    }
  },
);

it("a folder named agentos, or a PATH that depends on the folder, is none", async () => {
  await mkdir(join(at.base, "bin", "agentos"), { recursive: true });
  await at.put("tools/agentos", "#!/bin/sh\n");
  await chmod(join(at.root, "tools", "agentos"), 0o755);
  const path = [join(at.base, "bin"), "tools", ""].join(delimiter);
  const { stdout } = await at.run(["mcp", "install", "--client", "codex"], { environment: { PATH: path } });
  expect(stdout).toContain('+command = "/');
});

it.each([
  [["mcp", "--client", "cursor"], "--client"],
  [["mcp", "serve", "--write"], "--write"],
  [["mcp", "--user"], "--user"],
  [["mcp", "--port", "7333"], "--port"],
  [["mcp", "install", "--client", "cursor", "--http"], "--http"],
  [["mcp", "install", "--client", "cursor", "--port", "1"], "--port"],
])("agentos %j says that a flag does nothing there", async (args, flag) => {
  const { exitCode, stderr } = await at.run(args);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`CLI_USAGE: ${flag} is for`),
  });
});
