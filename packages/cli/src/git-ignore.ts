import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Longest wait for git in milliseconds. */
const GIT_TIMEOUT_MS = 2_000;

/** Where the user keeps patterns that git leaves out in all projects: what git's configuration of the user names, or its default. */
export async function globalIgnoreOf(places: {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<string> {
  const { home, environment } = places;
  try {
    // The user's own configuration only: a project's could name any file.
    const { stdout } = await run("git", ["config", "--global", "--type=path", "--get", "core.excludesFile"], {
      env: { ...environment, HOME: home },
      timeout: GIT_TIMEOUT_MS,
      windowsHide: true,
    });
    const named = stdout.replace(/\r?\n$/, "");
    if (named !== "") return named;
  } catch {
    // Not named, or git is not installed.
  }
  return join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "git", "ignore");
}
