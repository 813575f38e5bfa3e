import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { FoundToolchain } from "./language.js";

const run = promisify(execFile);

/** Compiles every Python file of a folder; what is compiled says of itself that it stands at /harness. */
const COMPILE = `
import os, py_compile, sys
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
for name in sorted(os.listdir(".")):
    if name.endswith(".py"):
        made = py_compile.compile(name, dfile="/harness/" + name, doraise=True, invalidation_mode=mode)
        os.chmod(made, 0o644)
os.chmod("__pycache__", 0o755)
`;

/**
 * Compiles this package's own Python files ahead, which takes 10 to 15 ms of each start otherwise. Where that fails they
 * are compiled at each start, as ever.
 */
export async function compilePythonHarness(folder: string, { program }: FoundToolchain): Promise<void> {
  await run(program, ["-I", "-S", "-B", "-c", COMPILE], { cwd: folder, env: {} }).catch(() => {});
}
