import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PartResult } from "../lib/parts.js";
import { type BenchContext, runs } from "./context.js";

/**
 * A host process of its own, so that nothing else counts: one ordinary run, then one that wants to print 1 GB; prints by how
 * many bytes the host was larger at its largest.
 */
const HOST = `
const [sandboxUrl, cacheDir] = process.argv.slice(1);
const { namespaceDriver, Sandbox } = await import(sandboxUrl);
const sandbox = await Sandbox.open({ cacheDir, drivers: [namespaceDriver] });
const run = (program) => sandbox.run({ language: "python", files: { "main.py": program }, entry: "main.py", limits: { wallMs: 120_000 } });
for (let index = 0; index < 3; index++) await run("print('x' * 100_000)");
const before = process.memoryUsage.rss();
let most = before;
const look = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 2);
const result = await run("import os\\nblock = b'x' * 65536\\nfor i in range(16384): os.write(1, block)");
most = Math.max(most, process.memoryUsage.rss());
clearInterval(look);
await sandbox.close();
console.log(JSON.stringify({ status: result.status, grew: most - before }));
`;

/** What a flood of output costs the host's memory. */
export async function floodPart(context: BenchContext): Promise<PartResult> {
  if (!runs(context, "namespace", "python")) {
    return { metrics: [], notes: ["flood: not measured, namespace does not run Python here"] };
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", HOST, import.meta.resolve("@agentos/sandbox"), context.cacheDir],
    { signal: context.signal },
  );
  const { status, grew } = JSON.parse(stdout) as { status: string; grew: number };
  return {
    metrics: [{ name: "flood.host_rss_mb", value: grew / 1e6, unit: "mb", target: { atMost: 20 } }],
    notes: [`flood: 1 GB of output ended as ${status}`],
  };
}
