import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PERSON = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

/** Runs git in a folder, without the settings of the machine, at a second since 1970. What it prints. */
export function git(folder: string, args: readonly string[], second = 1_000_000_000): string {
  const date = `@${second} +0000`;
  return execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      ...PERSON,
    },
  });
}

/** An empty repository in a folder. */
export function repository(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, ["init", "-q", "-b", "main"]);
}

/** Writes files, takes others away (`undefined`), and commits all that is there. The commit's id. */
export function commit(
  folder: string,
  message: string,
  files: Readonly<Record<string, string | undefined>> = {},
  second?: number,
): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (content === undefined) rmSync(join(folder, path));
    else writeFileSync(join(folder, path), content);
  }
  git(folder, ["add", "-A"], second);
  git(folder, ["commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message], second);
  return git(folder, ["rev-parse", "HEAD"]).trim();
}
