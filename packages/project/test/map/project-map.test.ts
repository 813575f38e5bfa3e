import { join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../../src/project-index.js";
import { commit, repository } from "../history/repository.js";
import { temporaryFolder, writeFiles } from "../temporary.js";

const FILES = {
  "src/cart.ts":
    'import { price } from "./price.js";\n\nexport class Cart {\n  add(name: string): void {}\n\n  total(): number {\n    return price("x");\n  }\n}\n',
  "src/price.ts": "export function price(name: string): number {\n  return 1;\n}\n",
  "src/user.ts": "export function login(name: string): void {}\n",
  "README.md": "# Shop\n",
};

async function openIndex(
  root: string,
  options: Partial<Parameters<typeof ProjectIndex.open>[0]> = {},
): Promise<ProjectIndex> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  const index = await ProjectIndex.open({ root, store, ...options });
  onTestFinished(() => index.close());
  await index.index();
  return index;
}

async function project(): Promise<string> {
  const root = join(await temporaryFolder(), "project");
  repository(root);
  commit(root, "begin", FILES, 1_000);
  commit(root, "the till rounds amounts", { "src/price.ts": `${FILES["src/price.ts"]}//\n` }, 2_000);
  return root;
}

test("the map of a task begins with what it is about, and keeps to its tokens", async () => {
  const index = await openIndex(await project());
  const map = await index.repoMap({ task: "let a user login twice" });
  expect(map.files[0]).toMatchObject({ path: "src/user.ts", symbols: [{ name: "login" }] });
  expect(map.text).toMatch(/^src\/user\.ts:\n {2}export function login\(name: string\): void \{\}\n/);
  expect(map.text).toContain(
    "src/cart.ts:\n  export class Cart\n    add(name: string): void {}\n    total(): number\n",
  );
  expect(map.files.map(({ path }) => path)).not.toContain("README.md");
  const small = await index.repoMap({ task: "login", tokens: 60, tokenizer: (text) => text.length });
  expect(small).toMatchObject({ tokens: 60, text: map.text.split("\n").slice(0, 2).join("\n").concat("\n") });
  expect(await index.repoMap({ tokens: 1 })).toEqual({ text: "", tokens: 0, files: [] });
});

test("commits count where there is a history, and only there", async () => {
  const root = await project();
  const task = "the till rounds";
  expect((await (await openIndex(root)).repoMap({ task })).files[0]?.path).toBe("src/price.ts");
  const without = await (await openIndex(root, { history: false })).repoMap({ task });
  expect(without.files[0]?.path).not.toBe("src/user.ts");
  const failing = {
    version: 1 as const,
    async *commits() {
      yield* [];
      throw new Error("broken");
    },
    diff: () => Promise.resolve([]),
    blame: () => Promise.resolve([]),
  };
  expect((await (await openIndex(root, { history: failing })).repoMap({ task })).files).toEqual(
    without.files,
  );
});

test("a map follows changed files and new commits", async () => {
  const root = await project();
  const index = await openIndex(root);
  await index.repoMap({ task: "login" });
  await writeFiles(root, { "src/user.ts": "export function logout(name: string): void {}\n" });
  expect((await index.repoMap({ task: "user" })).text).toContain("logout");
  commit(root, "quarterly figures", { "src/cart.ts": `${FILES["src/cart.ts"]}//\n` }, 3_000);
  await index.index();
  expect((await index.repoMap({ task: "quarterly figures" })).files[0]?.path).toBe("src/cart.ts");
});

test("files that are open steer the map and are not in it", async () => {
  const index = await openIndex(await project(), { history: false });
  const map = await index.repoMap({ open: ["src/cart.ts"] });
  expect(map.files.map(({ path }) => path)).toEqual(["src/price.ts", "src/user.ts"]);
});

test("related files come with their reasons", async () => {
  const root = await project();
  commit(root, "both", { "src/user.ts": "export const login = 1;\n", "README.md": "# Shops\n" }, 3_000);
  const index = await openIndex(root);
  expect((await index.related("src/cart.ts"))[0]).toMatchObject({
    path: "src/price.ts",
    reasons: [
      { kind: "imports" },
      { kind: "uses", names: ["price"] },
      { kind: "changed-together", commits: 1 },
    ],
  });
  const [first, ...rest] = await index.related(join(index.root, "src/user.ts"), { limit: 1 });
  expect(first).toMatchObject({ path: "README.md", reasons: [{ kind: "changed-together", commits: 2 }] });
  expect(rest).toEqual([]);
});

test("wrong paths, wrong options and cancelled calls are refused", async () => {
  const index = await openIndex(await project());
  const raises = (promise: Promise<unknown>, code: string): Promise<void> =>
    expect(promise).rejects.toSatisfy((error) => isAgentOSError(error, code));
  await raises(index.related("absent.ts"), "PROJECT_FILE_UNKNOWN");
  await raises(index.related("../x.ts"), "PROJECT_PATH_OUTSIDE");
  await raises(index.repoMap({ open: ["../x.ts"] }), "PROJECT_PATH_OUTSIDE");
  await raises(index.repoMap({ tokens: 0 }), "OPTIONS_INVALID");
  await raises(index.repoMap({ signal: AbortSignal.abort() }), "ABORTED");
  await raises(index.related("src/cart.ts", { signal: AbortSignal.abort() }), "ABORTED");
});
