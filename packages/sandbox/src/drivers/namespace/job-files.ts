import { posix } from "node:path";
import type { DriverJob } from "../../driver.js";
import { takenIn } from "../../javascript/file-names.js";
import type { FoundToolchain } from "../../languages/language.js";
import { LANGUAGE_FACTS } from "../../languages.js";
import type { TarEntry } from "./tar.js";

/** What is written in a sandbox for a job: its files as its language writes them. */
export function filesOf(job: DriverJob, toolchain: FoundToolchain): readonly TarEntry[] {
  const { steps } = LANGUAGE_FACTS[job.language];
  const taken = takenIn(job);
  // A framework takes TypeScript as it is.
  const asIs = job.tests?.files.some((file) => file.framework) ?? false;
  const entries: TarEntry[] = [];
  for (const [path, content] of job.files) {
    const { file, links } = (asIs ? undefined : steps.written?.(path, taken)) ?? { file: path, links: [] };
    entries.push({ path: `work/${file}`, content });
    for (const link of links) entries.push({ path: `work/${link}`, linkTo: posix.basename(file) });
  }
  const manifest = steps.manifest?.(toolchain);
  if (manifest && !job.files.has(manifest.path) && !job.base?.paths.has(manifest.path)) {
    entries.push({ path: `work/${manifest.path}`, content: manifest.content });
  }
  return entries;
}
