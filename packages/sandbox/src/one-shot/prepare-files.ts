import { Buffer } from "node:buffer";
import type { DriverJob } from "../driver.js";
import { stripTypes } from "../javascript/strip-types.js";
import type { PreparedJob } from "./run.js";

/** Turns a job's TypeScript into JavaScript under the same names. What does not parse is told as the run's fault. */
export function prepareFiles(job: DriverJob): PreparedJob {
  const problems = new Map<string, string>();
  if (job.language !== "typescript") return { ...job, problems };
  const files = new Map<string, string | Uint8Array>();
  for (const [path, content] of job.files) {
    if (!/\.[mc]?ts$/.test(path)) {
      files.set(path, content);
      continue;
    }
    const source = typeof content === "string" ? content : Buffer.from(content).toString("utf8");
    const stripped = stripTypes(source, path);
    files.set(path, stripped.ok ? stripped.code : "");
    if (!stripped.ok)
      problems.set(path, `${path}${stripped.line ? `:${stripped.line}` : ""}\n${stripped.message}`);
  }
  return { ...job, files, problems };
}
