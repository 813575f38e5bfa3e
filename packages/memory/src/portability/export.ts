import { throwIfAborted } from "@agentos/core";
import type { Aliases } from "../aliases.js";
import type { Links } from "../links.js";
import type { Quarantines } from "../quarantine.js";
import type { Records } from "../records.js";
import { EXPORT_FORMAT, type ExportLine, writeLine } from "./lines.js";

/** What is exported. */
export interface ExportParts {
  readonly records: Records;
  readonly links: Links;
  readonly quarantines: Quarantines;
  readonly aliases: Aliases;
}

/** Everything that was remembered, line by line, always in the same order. */
export async function* exportLines(
  parts: ExportParts,
  options: { readonly signal?: AbortSignal; readonly onMemory?: () => void },
): AsyncGenerator<string> {
  const { signal, onMemory } = options;
  for await (const line of linesOf(parts, signal)) {
    throwIfAborted(signal);
    yield writeLine(line);
    if (line.type === "memory") onMemory?.();
  }
}

async function* linesOf(parts: ExportParts, signal: AbortSignal | undefined): AsyncGenerator<ExportLine> {
  const { records, links, quarantines, aliases } = parts;
  yield { type: "agentos-memory", format: EXPORT_FORMAT };
  for (const [old, now] of aliases.all) yield { type: "alias", old, now };
  for (const quarantine of quarantines.active) yield { type: "quarantine", quarantine };
  for await (const whole of records.whole(signal)) yield { type: "memory", ...whole };
  for await (const link of links.all()) yield { type: "link", link };
  for await (const entry of records.audit({ from: 0, to: Infinity, signal })) yield { type: "audit", entry };
}
