import { Buffer } from "node:buffer";
import type { DriverJob } from "../../driver.js";
import { LANGUAGE_FACTS } from "../../languages.js";
import type { TarEntry } from "./tar.js";

/** What a sandbox that was started ahead becomes when its job comes. */
export interface WarmTarget {
  /** What is loaded before the job comes. */
  readonly kind: "program" | "tests" | "framework" | "judge" | "framework-judge" | "candidate";
  /** Absolute path inside; empty when what was started does it by itself. */
  readonly script: string;
  readonly args: readonly string[];
}

/**
 * What a job's sandbox would become, or undefined for jobs that need a sandbox of their own making: projects, languages
 * that are compiled, and several JavaScript test files, each of which has a process of its own.
 * `args`: the arguments that the script of a sandbox that is not started ahead would get.
 */
export function warmTarget(job: DriverJob, args: readonly string[]): WarmTarget | undefined {
  const { warm } = LANGUAGE_FACTS[job.language].steps;
  if (!warm || job.check || job.base || job.collect || (job.mounts?.size ?? 0) > 0) return undefined;
  // A framework is a program of its own.
  if (job.tests?.files.some((file) => file.framework)) return undefined;
  if (job.half?.kind === "candidate") return { kind: "candidate", script: warm.half ?? "", args };
  if (!job.tests) return { kind: "program", script: `/work/${args[0]}`, args: args.slice(1) };
  const kind = job.half ? "judge" : "tests";
  if (warm.severalFiles) return { kind, script: warm.tests ?? "", args };
  const [only] = job.tests.files;
  if (!only || job.tests.files.length !== 1) return undefined;
  const [nonce = "", half = "", ...file] = args;
  const text = Buffer.from(job.files.get(only.path) ?? "").toString("utf8");
  const ahead = kind === "judge" ? "framework-judge" : "framework";
  return {
    kind: warm.framework?.(text) ? ahead : kind,
    script: warm.tests ?? "",
    args: [nonce, ...file, half],
  };
}

/** The job as assets/warm.py and assets/javascript/warm.mjs read it. */
export function encodeWarmJob(target: WarmTarget, entries: readonly TarEntry[]): Uint8Array {
  const files: [string, number][] = [];
  const links: [string, string][] = [];
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if ("linkTo" in entry) {
      links.push([entry.path, entry.linkTo]);
      continue;
    }
    const content = typeof entry.content === "string" ? Buffer.from(entry.content, "utf8") : entry.content;
    files.push([entry.path, content.length]);
    parts.push(content);
  }
  const { script, kind, args } = target;
  const head = Buffer.from(
    JSON.stringify({
      files,
      links,
      script,
      arguments: args,
      channel: kind !== "program" && kind !== "candidate",
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, ...parts]);
}
