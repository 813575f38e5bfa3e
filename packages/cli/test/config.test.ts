import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConfigPlaces, loadConfig } from "../src/config.js";

let base: string;
let places: ConfigPlaces;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "agentos-config-")));
  await mkdir(join(base, "project", "deep", "er"), { recursive: true });
  await mkdir(join(base, "home"));
  places = { cwd: join(base, "project", "deep", "er"), home: join(base, "home"), environment: {}, flags: {} };
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function put(path: string, content: unknown): Promise<string> {
  const file = join(base, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const USER = "home/.config/agentos/config.json";

describe("where a value comes from", () => {
  it("defaults hold where nothing is said, at the project's root", async () => {
    await mkdir(join(base, "project", ".git"));
    const { dir, project, values, config } = await loadConfig(places);
    expect(project).toBe(join(base, "project"));
    expect(dir).toBe(join(base, "project", ".agentos"));
    expect(config).toEqual({});
    expect(values.every(({ source }) => source === "default")).toBe(true);
  });

  it("each place goes before the one below it, key by key", async () => {
    const user = await put(USER, {
      limits: { wallMs: 1000, memoryBytes: 2000 },
      needs: "none",
      briefTokens: 1,
    });
    const project = await put("project/agentos.config.json", {
      limits: { wallMs: 3000 },
      dir: "kept",
      briefTokens: 2,
    });
    const loaded = await loadConfig(places);
    expect(loaded.config).toMatchObject({
      limits: { wallMs: 3000, memoryBytes: 2000 },
      needs: "none",
      briefTokens: 2,
    });
    expect(loaded.dir).toBe(join(base, "project", "kept"));
    const by = new Map(loaded.values.map((value) => [value.key, value]));
    expect(by.get("limits.wallMs")).toMatchObject({ value: 3000, source: "project file", where: project });
    expect(by.get("limits.memoryBytes")).toMatchObject({ value: 2000, source: "user file", where: user });
    expect(by.get("limits.outputBytes")).toMatchObject({ source: "default" });
    const environment = { AGENTOS_DIR: "there" };
    const fromEnvironment = await loadConfig({ ...places, environment });
    expect(fromEnvironment.dir).toBe(join(places.cwd, "there"));
    const flagged = await loadConfig({ ...places, environment, flags: { dir: "flagged" } });
    expect(flagged.dir).toBe(join(places.cwd, "flagged"));
    expect(flagged.values.find(({ key }) => key === "dir")).toMatchObject({ source: "flag", where: "--dir" });
  });

  it.each(["agentos.config.json", ".agentosrc.json"])("%s is found upwards", async (name) => {
    await put(`project/${name}`, { briefTokens: 77 });
    expect((await loadConfig(places)).config.briefTokens).toBe(77);
  });

  it("package.json counts when it has a key agentos, and is passed over when not", async () => {
    await put("project/deep/package.json", { name: "x" });
    await put("project/package.json", { name: "y", agentos: { briefTokens: 78 } });
    const { config, project } = await loadConfig(places);
    expect(config.briefTokens).toBe(78);
    expect(project).toBe(join(base, "project"));
  });

  it("XDG_CONFIG_HOME moves the user's file", async () => {
    await put("xdg/agentos/config.json", { briefTokens: 79 });
    const loaded = await loadConfig({ ...places, environment: { XDG_CONFIG_HOME: join(base, "xdg") } });
    expect(loaded.config.briefTokens).toBe(79);
  });
});

describe("a bad file", () => {
  it.each([
    ["{ not json", "JSON"],
    [{ breifTokens: 1 }, "breifTokens"],
    [{ limits: { wallMs: "ten" } }, "limits.wallMs"],
    [{ needs: [] }, "none"],
    [[], "agentos.config.json"],
  ])("%j is refused by file and key", async (content, named) => {
    const file = await put("project/agentos.config.json", content);
    const failure = await loadConfig(places).then(
      () => undefined,
      (error: Error & { code: string }) => error,
    );
    expect(failure?.code).toBe("CLI_CONFIG_INVALID");
    expect(failure?.message).toContain(named);
    expect(failure?.message).toContain(file);
  });
});

describe("a stranger's project", () => {
  it.each([
    ["needs", { needs: "none" }],
    ["needs", { needs: ["filesystem", "memory"] }],
    ["model.baseUrl", { model: { baseUrl: "http://evil.example/v1" } }],
    ["model.apiKeyEnv", { model: { apiKeyEnv: "AWS_SECRET_ACCESS_KEY" } }],
    ["dir", { dir: "../../elsewhere" }],
    ["dir", { dir: "/elsewhere" }],
  ])("may not set %s to weaken anything: %j", async (key, content) => {
    await put("project/agentos.config.json", content);
    await expect(loadConfig(places)).rejects.toMatchObject({ code: "CLI_CONFIG_REFUSED", details: { key } });
    await rm(join(base, "project", "agentos.config.json"));
    await put(USER, content);
    await expect(loadConfig(places)).resolves.toBeDefined();
  });

  it("may ask for more guarantees", async () => {
    await put("project/agentos.config.json", { needs: ["filesystem", "network", "memory"] });
    expect((await loadConfig(places)).config.needs).toEqual(["filesystem", "network", "memory"]);
  });
});
