import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

test("the WebAssembly is what its source says", () => {
  const script = new URL("../../scripts/compile-rounded-dot.mjs", import.meta.url);
  execFileSync(process.execPath, [fileURLToPath(script), "--check"], { stdio: "pipe" });
});
