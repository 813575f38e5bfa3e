import { Buffer, isUtf8 } from "node:buffer";
import type { Collect, Collected } from "../../driver.js";
import { pathProblem } from "../../paths.js";
import type { Script } from "./command.js";
import { quote } from "./quote.js";
import { readTar } from "./untar.js";

// Files are collected inside, when nothing of the candidate runs any more, by the system's own programs, and are sent
// over the report channel as an archive. The host opens no path of a sandbox: it reads the archive as data. What a
// candidate could gain by taking over the shell that collects is to hand back other files than it wrote.

/** Entries for which there is room in the channel beside the bytes of the files. */
const MOST_ENTRIES = 5000;
/** Header, padding and a long name. */
const ENTRY_BYTES = 3 * 512 + 1024;

/** Bytes of the report channel that a collection may take. */
export function collectionBytes(collect: Collect): number {
  return collect.bytes + MOST_ENTRIES * ENTRY_BYTES + (collect.changes ? 64 * 1024 * 1024 : 0);
}

/** Puts the collecting behind a script. `nonce` tells its bytes from what was reported before. */
export function collecting(script: Script, collect: Collect, before: string, nonce: string): Script {
  const archive = collect.bytes + MOST_ENTRIES * ENTRY_BYTES;
  const paths = collect.paths.map((path) => `collect ${quote(path)}`).join("\n");
  const listing = `find . -xdev \\( -type f -o -type l \\) -print0 >&3; printf '\\0' >&3`;
  const changed = `find . -xdev \\( -type f -o -type l \\) -newerct "@$start" -print0`;
  const text = `${before}start=$(date +%s.%N)
/bin/sh -c ${quote(script.text)} sh "$@"
status=$?
exec 2>/dev/null 4<&- 6<&-
while kill -9 -1; do :; done
cd /work || exit $status
linkless() {
path=$1
while case $path in */*) ;; *) return 0;; esac; do
path=\${path%/*}
[ ! -L "$path" ] || return 1
done
}
collect() {
linkless "$1" && { [ -e "$1" ] || [ -L "$1" ]; } && find "./$1" -xdev -print0
}
printf '\n%s\n' ${quote(markerOf(nonce))} >&3
${collect.changes ? listing : ""}
{
${paths}
${collect.changes ? changed : ""}
} | tar -c -b 1 --format=gnu --hard-dereference --no-recursion --null -T - -f - | head -c ${archive} >&3
exit $status`;
  return { text, args: script.args };
}

/** The report channel without the collection, and the collection, which is absent when the program was ended before. */
export function splitChannel(
  channel: Buffer,
  collect: Collect,
  nonce: string,
): { readonly channel: Buffer; readonly collected?: Collected } {
  const marker = Buffer.from(`\n${markerOf(nonce)}\n`);
  const at = channel.indexOf(marker);
  if (at === -1) return { channel };
  const collection = channel.subarray(at + marker.length);
  return { channel: channel.subarray(0, at + 1), collected: readCollection(collection, collect) };
}

function markerOf(nonce: string): string {
  return `collected ${nonce}`;
}

function readCollection(bytes: Buffer, collect: Collect): Collected {
  let rest = bytes;
  let present: Set<string> | undefined;
  if (collect.changes) {
    const end = rest.indexOf("\0\0");
    if (end === -1) return { files: new Map(), refused: [], present: new Set(), complete: false };
    present = new Set(rest.subarray(0, end).toString("utf8").split("\0").map(withoutDot));
    rest = rest.subarray(end + 2);
  }
  const files = new Map<string, Uint8Array>();
  const refused: { path: string; reason: string }[] = [];
  const found = new Set<string>();
  const archive = readTar(rest);
  let total = 0;
  let complete = !archive.cut;
  for (const { name, kind, content } of archive.entries) {
    const path = withoutDot(name.toString("utf8"));
    found.add(path);
    const reason = reasonAgainst(name, path, kind);
    if (reason !== undefined) {
      if (kind !== "folder" && !refused.some((other) => other.path === path)) refused.push({ path, reason });
      continue;
    }
    if (files.has(path)) continue;
    total += content.length;
    if (total > collect.bytes) {
      total -= content.length;
      complete = false;
      refused.push({ path, reason: `is over the limit of ${collect.bytes} bytes` });
      continue;
    }
    // A copy, so that the whole archive is not kept for one file.
    files.set(path, Uint8Array.from(content));
  }
  if (archive.cut) {
    const path = archive.cutAt === undefined ? "" : withoutDot(archive.cutAt.toString("utf8"));
    refused.push({
      path,
      reason: `is over the limit of ${collect.bytes} bytes; what would follow is left out`,
    });
    found.add(path);
  }
  if (complete) {
    for (const path of collect.paths) {
      if (!found.has(path)) refused.push({ path, reason: "is not there, or lies behind a link" });
    }
  }
  return { files, refused, complete, ...(present ? { present } : {}) };
}

function reasonAgainst(name: Buffer, path: string, kind: string): string | undefined {
  if (kind !== "file") return `is a ${kind}`;
  if (!isUtf8(name)) return "has a name that is not UTF-8";
  return pathProblem(path);
}

/** A path without the `./` before it, and without the `/` after a folder. */
function withoutDot(path: string): string {
  return path.replace(/^\.\//, "").replace(/\/$/, "");
}
