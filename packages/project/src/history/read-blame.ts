import type { BlamedLines } from "@agentos/core";

/** The lines of `git blame --porcelain`, those in a row of the same commit together. */
export function readBlame(text: string): readonly BlamedLines[] {
  const known = new Map<string, { author: string; time: number }>();
  const found: { line: number; lines: number; commit: string }[] = [];
  let commit = "";
  for (const line of text.split("\n")) {
    // Lines of the file stand behind a tab.
    if (line.startsWith("\t")) continue;
    const head = /^([\da-f]{40,64}) \d+ (\d+)(?: \d+)?$/.exec(line);
    if (head !== null) {
      commit = head[1] ?? "";
      const number = Number(head[2]);
      const last = found.at(-1);
      if (last?.commit === commit && last.line + last.lines === number) last.lines += 1;
      else found.push({ line: number, lines: 1, commit });
      if (!known.has(commit)) known.set(commit, { author: "", time: 0 });
      continue;
    }
    const facts = known.get(commit);
    if (facts === undefined) continue;
    if (line.startsWith("author ")) facts.author = line.slice(7);
    else if (line.startsWith("committer-time ")) facts.time = Number(line.slice(15)) * 1_000;
  }
  return found.map((lines) => ({ ...lines, ...(known.get(lines.commit) ?? { author: "", time: 0 }) }));
}
