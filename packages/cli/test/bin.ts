import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../dist/bin.js", import.meta.url));

/** How a run of the command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a temporary folder with a home of its own, in which the built command is run. */
export class Playground {
  readonly base: string;
  readonly root: string;

  private constructor(base: string) {
    this.base = base;
    this.root = join(base, "project");
  }

  static async open(): Promise<Playground> {
    if (!existsSync(BIN)) throw new Error(`${BIN} is missing: build first (pnpm build).`);
    const playground = new Playground(await realpath(await mkdtemp(join(tmpdir(), "agentos-cli-"))));
    await mkdir(join(playground.root, ".agentos"), { recursive: true });
    await mkdir(join(playground.base, "home"));
    return playground;
  }

  async put(path: string, content: string): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** @param bin the program, where it is not the one that is built here */
  start(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    bin: string = BIN,
  ): ChildProcess {
    const { PATH = "" } = process.env;
    return spawn(process.execPath, [bin, ...args], {
      cwd: this.root,
      env: { PATH, HOME: join(this.base, "home"), ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  async run(
    args: readonly string[],
    options: {
      readonly environment?: Readonly<Record<string, string>>;
      readonly stdin?: string;
      readonly bin?: string;
    } = {},
  ): Promise<Ended> {
    const child = this.start(args, options.environment, options.bin);
    child.stdin?.end(options.stdin ?? "");
    return ended(child);
  }

  /** Runs with `--json` and reads the one document that must be on the standard output. */
  async json(args: readonly string[]): Promise<{ exitCode: number | null; value: Record<string, unknown> }> {
    const { exitCode, stdout, stderr } = await this.run([...args, "--json"]);
    try {
      return { exitCode, value: JSON.parse(stdout) as Record<string, unknown> };
    } catch {
      throw new Error(`Not one JSON document: ${stdout}\n${stderr}`);
    }
  }

  close(): Promise<void> {
    return rm(this.base, { recursive: true, force: true });
  }
}

/** Waits for a process to end. */
export function ended(child: ChildProcess): Promise<Ended> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (piece: string) => {
      output[name] += piece;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, ...output }));
  });
}
