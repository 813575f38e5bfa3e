import { isAgentOSError } from "@agentos/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { OpenedProject } from "../src/opened-project.js";
import type { Progress } from "../src/shared-work.js";
import { call, connect, projectWith, SHOP } from "./client.js";

/** So many files take about half a second to index. */
const MANY: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 400 }, (_, file) => [
    `src/file${file}.js`,
    Array.from({ length: 40 }, (_one, at) => `export function f${file}_${at}(a) { return a + ${at}; }`).join(
      "\n",
    ),
  ]),
);

const isAborted = (error: unknown): boolean => isAgentOSError(error, "ABORTED");

async function opened(files = MANY) {
  const project = await projectWith(files);
  const one = new OpenedProject({ project, dir: `${project}/.agentos` });
  onTestFinished(() => one.close());
  const index = (await one.agentos()).project;
  if (index === undefined) throw new Error("there is a project");
  const begin = index.watch.bind(index);
  return { opened: one, begin, indexed: vi.spyOn(index, "index"), watched: vi.spyOn(index, "watch") };
}

/** One who waits, and what was told. */
function waiter() {
  const controller = new AbortController();
  const told: Progress[] = [];
  const report = (progress: Progress): void => {
    told.push(progress);
  };
  return { controller, told, waiting: { signal: controller.signal, report } };
}

test("all who wait share one indexing, whoever of them gives it up", async () => {
  const { opened: project, indexed, watched } = await opened();
  const all = [waiter(), waiter(), waiter(), waiter()];
  const [first, second, ...others] = all.map(({ waiting }) => project.project(waiting));
  first?.catch(() => {});
  second?.catch(() => {});
  await expect.poll(() => all[3]?.told.length, { interval: 5 }).toBeGreaterThan(0);
  for (const [at, given] of [first, second].entries()) {
    const started = performance.now();
    all[at]?.controller.abort();
    await expect(given).rejects.toSatisfy(isAborted);
    expect(performance.now() - started).toBeLessThan(50);
  }
  const late = waiter();
  await Promise.all([...others, project.project(late.waiting)]);
  expect(indexed).toHaveBeenCalledTimes(1);
  expect(watched).toHaveBeenCalledTimes(1);
  for (const { told } of [...all.slice(2), late])
    expect(told.at(-1)).toMatchObject({ done: 400, total: 400 });
  expect(all[0]?.told.length).toBeLessThan(400);
});

test("what nobody waits for any more is cancelled, and the next call begins anew", async () => {
  const { opened: project, indexed, watched } = await opened();
  const both = [waiter(), waiter()];
  const given = both.map(({ waiting }) => project.project(waiting));
  for (const one of given) one.catch(() => {});
  await expect.poll(() => both[1]?.told.length, { interval: 5 }).toBeGreaterThan(0);
  for (const { controller } of both) controller.abort();
  // Comes while the first indexing is being cancelled.
  const next = project.project(waiter().waiting);
  for (const one of given) await expect(one).rejects.toSatisfy(isAborted);
  await next;
  expect(indexed).toHaveBeenCalledTimes(2);
  await expect(indexed.mock.results[0]?.value).rejects.toSatisfy(isAborted);
  expect(watched).toHaveBeenCalledTimes(1);
});

test("a watch that nobody waits for any more is closed", async () => {
  const { opened: project, watched, begin } = await opened(SHOP);
  const one = waiter();
  let watch: ReturnType<typeof begin> | undefined;
  watched.mockImplementationOnce((options) => {
    one.controller.abort();
    watch = begin(options);
    return watch;
  });
  await expect(project.project(one.waiting)).rejects.toSatisfy(isAborted);
  await expect(watch?.ready).rejects.toSatisfy((error) => isAgentOSError(error, "CLOSED"));
});

test("a project that is closed says so", async () => {
  const { opened: project } = await opened(SHOP);
  await project.close();
  const given = project.agentos();
  await expect(given).rejects.toSatisfy((error) => isAgentOSError(error, "CLOSED"));
  await expect(project.project(waiter().waiting)).rejects.toSatisfy((error) =>
    isAgentOSError(error, "CLOSED"),
  );
});

test.skipIf(process.platform === "win32")(
  "closing does not wait for one who has the store and sleeps",
  async () => {
    const root = await projectWith(SHOP);
    const { client, pid } = await connect(root);
    await call(client, "remember", { content: "Prices are in cents." });
    process.kill(pid, "SIGSTOP");
    onTestFinished(() => {
      process.kill(pid, "SIGCONT");
    });
    const project = new OpenedProject({ project: root, dir: `${root}/.agentos` });
    const opening = project.agentos();
    const refused = expect(opening).rejects.toSatisfy((error) => isAgentOSError(error, "CLOSED"));
    const one = waiter();
    const given = expect(project.project(one.waiting)).rejects.toSatisfy(isAborted);
    await new Promise((resolve) => setTimeout(resolve, 300));
    one.controller.abort();
    await given;
    const started = performance.now();
    await project.close();
    await refused;
    expect(performance.now() - started).toBeLessThan(1_000);
  },
);
