import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Task } from "@agentos/core";
import { expect, onTestFinished, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { AgentOS } from "../src/index.js";

const AGENT = fileURLToPath(new URL("./children/agent.mjs", import.meta.url));
const built = requirement(
  "build",
  existsSync(fileURLToPath(new URL("../dist/index.js", import.meta.url))),
  "packages/sdk/dist is missing; run pnpm build",
);
const USER = { level: "user" } as const;

/** What `children/agent.mjs` says. */
interface Said {
  readonly role?: string;
  readonly project?: string;
  /** A memory, an outcome, a solve that was acknowledged. */
  readonly memory?: string;
  readonly outcome?: string;
  readonly solve?: string;
  /** How many of the other's memories and outcomes it knows. */
  readonly seen?: { readonly memories: number; readonly outcomes: number };
  readonly error?: string;
}

interface Agent {
  readonly name: string;
  readonly process: ChildProcess;
  readonly said: readonly Said[];
  owns(): boolean;
}

async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "agentos-sdk-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function projectFolder(): Promise<string> {
  const project = join(await temporaryFolder(), "project");
  await mkdir(join(project, "src"), { recursive: true });
  await writeFile(
    join(project, "src", "money.js"),
    "export function formatMoney(cents) {\n  return (cents / 100).toFixed(2);\n}\n",
  );
  return project;
}

function startAgent(name: string, project: string): Agent {
  const process = fork(AGENT, [join(project, ".agentos"), project, name], { stdio: "inherit" });
  onTestFinished(() => void process.kill("SIGKILL"));
  const said: Said[] = [];
  process.on("message", (message: Said) => void said.push(message));
  return { name, process, said, owns: () => said.filter(({ role }) => role).at(-1)?.role === "owner" };
}

async function until(what: () => boolean): Promise<void> {
  const started = performance.now();
  while (!what()) {
    if (performance.now() - started > 60_000) throw new Error("nothing happens");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function killed({ process }: Agent): Promise<void> {
  const ended = new Promise((resolve) => process.once("exit", resolve));
  process.kill("SIGKILL");
  await ended;
}

const has = (agent: Agent, key: keyof Said, count: number): boolean =>
  agent.said.filter((said) => said[key] !== undefined).length >= count;

test.skipIf(!built)(
  "two agents on one folder solve, remember, recall and learn at the same time; the owner is killed, and nothing is lost",
  async () => {
    const project = await projectFolder();
    const agents = [startAgent("a", project), startAgent("b", project)];
    const gone: Agent[] = [];
    for (let kill = 0; kill < 2; kill++) {
      await until(() => agents.every((agent) => has(agent, "solve", 2) && has(agent, "memory", 10)));
      // Each sees what the other does.
      await until(() =>
        agents.every(({ said }) => said.some(({ seen }) => seen && seen.memories > 0 && seen.outcomes > 0)),
      );
      await until(() => agents.some((agent) => agent.owns()));
      const [owner] = agents.splice(
        agents.findIndex((agent) => agent.owns()),
        1,
      );
      await killed(owner as Agent);
      gone.push(owner as Agent);
      await until(() => agents.every((agent) => agent.owns()));
      agents.push(startAgent(`k${kill}`, project));
    }
    const [left] = agents;
    const before = left?.said.length ?? 0;
    await until(() => (left?.said.slice(before).filter(({ solve }) => solve).length ?? 0) >= 2);
    for (const agent of agents) await killed(agent);

    const all = [...gone, ...agents].flatMap(({ said }) => said);
    expect(all.filter(({ error }) => error !== undefined)).toEqual([]);
    // All agree on who the project is, though each would have made an id of its own.
    expect(new Set(all.flatMap((said) => said.project ?? [])).size).toBe(1);
    const agentos = await AgentOS.open({ dir: join(project, ".agentos"), project });
    onTestFinished(() => agentos.close());
    for (const { memory, outcome, solve } of all) {
      if (memory !== undefined) expect(await agentos.memory.get(memory)).toBeDefined();
      if (outcome !== undefined) expect(await agentos.learner.outcome(outcome)).toBeDefined();
      if (solve !== undefined) expect((await agentos.replay(solve)).status).toBe("passed");
    }
    const ids: string[] = [];
    for await (const { id } of agentos.memory.list({ scopes: "all" })) ids.push(id);
    expect(new Set(ids).size).toBe(ids.length);
    const contents = new Set<string>();
    for await (const { content, metadata } of agentos.memory.list({ scopes: [USER] }))
      if (metadata?.["said"] === true) {
        expect(contents.has(content)).toBe(false);
        contents.add(content);
      }
    expect(contents.size).toBeGreaterThanOrEqual(40);
  },
  180_000,
);

test("in one process, too: what one handle does another knows within 100 ms, in every engine", async () => {
  const project = await projectFolder();
  const options = { dir: join(project, ".agentos"), project };
  const [owner, client] = [await AgentOS.open(options), await AgentOS.open(options)];
  onTestFinished(() => client.close());
  onTestFinished(() => owner.close());
  expect([owner.store.role, client.store.role]).toEqual(["owner", "client"]);
  expect(client.scope).toEqual(owner.scope);
  const within = (look: () => Promise<unknown>) => expect.poll(look, { timeout: 100, interval: 5 });
  for (const [from, to, word] of [
    [owner, client, "heron"],
    [client, owner, "plover"],
  ] as const) {
    const task: Task = { id: word, prompt: `Export ${word}.`, language: "javascript" };
    await from.memory.remember({ content: `the ${word} nests here`, scope: from.scope });
    await within(async () => (await to.memory.recall(word, { scopes: [to.scope] })).length).toBe(1);
    await from.learn({
      task,
      candidate: { id: word, files: { "solution.js": `export const ${word} = 1;\n` } },
      passed: false,
      basis: "person",
      reason: `no ${word}`,
    });
    await within(async () => (await to.learner.lessons(task)).length).toBe(1);
    await writeFile(join(project, "src", `${word}.js`), `export function ${word}() {}\n`);
    await from.project?.index();
    await within(async () => (await to.project?.symbols(word))?.length).toBe(1);
  }
  await owner.close();
  expect(await client.memory.recall("heron", { scopes: [client.scope] })).toHaveLength(1);
  expect(client.store.role).toBe("owner");
});

test("two that open a project for the first time at once agree on who it is", async () => {
  const project = await projectFolder();
  const options = { dir: join(project, ".agentos"), project };
  const opened = await Promise.all([1, 2, 3].map(() => AgentOS.open(options)));
  for (const agentos of opened) onTestFinished(() => agentos.close());
  expect(opened[0]?.identity?.from).toBe("generated");
  expect(new Set(opened.map(({ identity }) => identity?.id)).size).toBe(1);
});
