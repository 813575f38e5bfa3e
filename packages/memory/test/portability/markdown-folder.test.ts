import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { Store } from "@agentos/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type MarkdownFile,
  type MarkdownFolderOptions,
  MemoryStore,
  readMarkdownFolder,
  type SkippedFile,
} from "../../src/index.js";

let base: string;
let dir: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "agentos-markdown-"));
  dir = join(base, "project");
  await mkdir(dir);
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), content);
}

async function readAll(options: MarkdownFolderOptions = {}): Promise<(MarkdownFile | SkippedFile)[]> {
  const all: (MarkdownFile | SkippedFile)[] = [];
  for await (const entry of readMarkdownFolder(dir, options)) all.push(entry);
  return all;
}

/** Each file with what it says, or why it was not read. */
async function told(options: MarkdownFolderOptions = {}): Promise<readonly string[]> {
  return (await readAll(options)).map((entry) =>
    entry.status === "read"
      ? `${entry.path}: ${entry.memories.map(({ content }) => content).join(" | ")}`
      : `${entry.path} ${entry.reason}`,
  );
}

describe("what is read", () => {
  test("all Markdown and rule files, sorted, with sources relative to the folder", async () => {
    await write("docs/b.md", "b1");
    await write("docs/B.markdown", "b2");
    await write("CLAUDE.md", "- c1\n- c2");
    await write(".cursor/rules/ui.mdc", "---\nglobs: *.tsx\n---\nui");
    await write(".cursorrules", "rule");
    await write("src/index.ts", "// no Markdown");
    expect(await told()).toEqual([
      ".cursor/rules/ui.mdc: ui",
      ".cursorrules: rule",
      "CLAUDE.md: c1 | c2",
      "docs/B.markdown: b2",
      "docs/b.md: b1",
    ]);
    const [rule] = await readAll();
    expect(rule).toMatchObject({
      memories: [
        { source: { path: ".cursor/rules/ui.mdc", lines: [4, 4] }, tags: ["*.tsx"], trust: "outside" },
      ],
    });
  });

  test("what is skipped comes with its reason", async () => {
    await write("node_modules/x/README.md", "no");
    await write("a/node_modules/README.md", "no");
    await write(".git/info.md", "no");
    await write("big.md", "x".repeat(101));
    await write("binary.md", new Uint8Array([97, 0, 98]));
    await write("latin1.md", new Uint8Array([0x66, 0xfc, 0x72]));
    await write("fine.md", "fine");
    await mkdir(join(dir, "folder.md"));
    expect(await told({ maxBytes: 100 })).toEqual([
      ".git ignored",
      "a/node_modules ignored",
      "node_modules ignored",
      "big.md too-large",
      "binary.md binary",
      "fine.md: fine",
      "latin1.md not-utf8",
    ]);
  });

  test("only the named files, and what they import", async () => {
    await write("CLAUDE.md", "Keep it small. @docs/style.md");
    await write("docs/style.md", "Two spaces.");
    await write("docs/other.md", "other");
    expect(await told({ files: ["CLAUDE.md", "AGENTS.md", "../out.md"] })).toEqual([
      "./../out.md outside",
      "CLAUDE.md: Keep it small. @docs/style.md",
      "docs/style.md: Two spaces.",
      "AGENTS.md missing",
    ]);
  });

  test("no more files than asked for", async () => {
    for (const name of ["a", "b", "c"]) await write(`${name}.md`, name);
    expect(await told({ maxFiles: 2 })).toEqual(["a.md: a", "b.md: b", "c.md too-many"]);
  });

  test("options reach the memories, and progress is told", async () => {
    await write("a.md", "a1");
    await write("b.md", "b1");
    const progress: string[] = [];
    const entries = await readAll({
      trust: "own",
      kind: "preference",
      tags: ["house"],
      onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
    });
    expect(entries[0]).toMatchObject({ memories: [{ trust: "own", kind: "preference", tags: ["house"] }] });
    expect(progress).toEqual(["1/2", "2/2"]);
  });
});

describe("imports", () => {
  test("come behind the file that names them, each once, though they name one another", async () => {
    await write("CLAUDE.md", "@z.md\n@rules/a.txt");
    await write("z.md", "zz @CLAUDE.md @z.md");
    await write("rules/a.txt", "aa @../z.md");
    await write("b.md", "bb");
    expect(await told()).toEqual([
      "CLAUDE.md: ",
      "z.md: zz @CLAUDE.md @z.md",
      "rules/a.txt: aa @../z.md",
      "b.md: bb",
    ]);
  });

  test("go five files far", async () => {
    await write("CLAUDE.md", "@1.txt");
    for (const depth of [1, 2, 3, 4, 5, 6]) await write(`${depth}.txt`, `step${depth} @${depth + 1}.txt`);
    expect((await told()).map((line) => line.slice(0, 5))).toEqual([
      "CLAUD",
      "1.txt",
      "2.txt",
      "3.txt",
      "4.txt",
      "5.txt",
      "6.txt",
    ]);
    expect((await told()).at(-1)).toBe("6.txt too-deep");
  });

  test("never leave the folder, and bring in no settings, keys or parts of git", async () => {
    await writeFile(join(base, "secret.md"), "outsidesecret");
    await write(".env", "KEY=insidesecret");
    await write(".git/config.md", "gitsecret");
    await write(
      "CLAUDE.md",
      `@../secret.md @docs/../../secret.md @${join(base, "secret.md")} @~/secret.md @/etc/passwd @.env @.git/config.md @gone.md`,
    );
    const lines = await told();
    expect(lines).toEqual([
      ".git ignored",
      expect.stringMatching(/^CLAUDE\.md: /),
      "../secret.md outside",
      "docs/../../secret.md outside",
      `${join(base, "secret.md")} outside`,
      "~/secret.md outside",
      "/etc/passwd outside",
      ".env not-text",
      ".git/config.md ignored",
      "gone.md missing",
    ]);
    expect(lines.join()).not.toMatch(/outsidesecret|insidesecret|gitsecret/);
  });

  test("are not seen in code, comments, addresses and names of packages", async () => {
    await write(
      "CLAUDE.md",
      "Use `@x.md`, mail me@x.md, install @scope/name.\n\n```\n@x.md\n```\n\n<!-- @x.md -->\n",
    );
    expect((await readAll()).map(({ path }) => path)).toEqual(["CLAUDE.md"]);
  });

  test("are followed from CLAUDE.md and AGENTS.md only", async () => {
    await write("README.md", "@x.txt");
    await write("x.txt", "x");
    expect(await told()).toEqual(["README.md: "]);
  });
});

describe("links", () => {
  test("are never followed: neither files nor folders, listed or imported", async () => {
    await mkdir(join(base, "out"));
    await writeFile(join(base, "out", "secret.md"), "outsidesecret");
    await write("real/inside.md", "inside");
    await symlink(join(base, "out"), join(dir, "linked"));
    await symlink(join(base, "out", "secret.md"), join(dir, "secret.md"));
    await symlink("real", join(dir, "alias"));
    await symlink(".", join(dir, "loop"));
    await write("CLAUDE.md", "@linked/secret.md @secret.md @alias/inside.md @loop/CLAUDE.md");
    const lines = await told();
    expect(lines).toEqual([
      "secret.md link",
      expect.stringMatching(/^CLAUDE\.md: /),
      "linked/secret.md link",
      "secret.md link",
      "alias/inside.md link",
      "loop/CLAUDE.md link",
      "real/inside.md: inside",
    ]);
    expect(lines.join()).not.toContain("outsidesecret");
  });

  test("a folder that is itself named by a link is read", async () => {
    await write("a.md", "a1");
    await symlink(dir, join(base, "project-link"));
    dir = join(base, "project-link");
    expect(await told()).toEqual(["a.md: a1"]);
  });

  test.skipIf(process.platform === "win32")("a pipe does not block", async () => {
    execFileSync("mkfifo", [join(dir, "pipe.md")]);
    await write("CLAUDE.md", "@pipe.md");
    expect(await told()).toEqual(["pipe.md special", "CLAUDE.md: ", "pipe.md special"]);
  });
});

describe("errors", () => {
  test("a folder that is missing, or a file", async () => {
    await write("a.md", "a");
    for (const path of ["gone", "project/a.md"]) {
      dir = join(base, path);
      const error: unknown = await readAll().catch((reason: unknown) => reason);
      expect(isAgentOSError(error, "MEMORY_FOLDER_UNREADABLE"), path).toBe(true);
    }
  });

  test("an unknown option", async () => {
    const error: unknown = await readAll({ path: "a" } as never).catch((reason: unknown) => reason);
    expect(isAgentOSError(error, "OPTIONS_INVALID")).toBe(true);
  });

  test("the signal ends it between two files", async () => {
    await write("a.md", "a");
    await write("b.md", "b");
    const controller = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { path } of readMarkdownFolder(dir, { signal: controller.signal })) {
        seen.push(path);
        controller.abort();
      }
    })();
    const error: unknown = await reading.catch((reason: unknown) => reason);
    expect(isAgentOSError(error, "ABORTED")).toBe(true);
    expect(seen).toEqual(["a.md"]);
  });
});

test("the memories of a folder are remembered as they come, and found by the headings above them", async () => {
  await write(
    "AGENTS.md",
    "# Shop\n\n## Billing\n\n- Run with `--update`.\n\n## Search\n\n- Run with `--reindex`.\n",
  );
  const store = await Store.open({ dir: join(base, "store") });
  const memory = await MemoryStore.open({ store });
  const scope = { level: "project", id: "shop" } as const;
  try {
    for (const entry of await readAll()) {
      if (entry.status === "skipped") continue;
      for (const each of entry.memories) await memory.remember({ ...each, scope });
    }
    const [best] = await memory.recall("how is billing run", { scopes: [scope] });
    expect(best?.memory).toMatchObject({
      content: "Shop › Billing\nRun with `--update`.",
      source: { path: "AGENTS.md", lines: [5, 5] },
      trust: "outside",
    });
  } finally {
    await memory.close();
    await store.close();
  }
});
