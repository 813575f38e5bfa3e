import { type MemoryKind, throwIfAborted } from "@agentos/core";
import type { ExtractOptions, Extractor, ProposedMemory, Turn } from "./extractor.js";

interface Rule {
  readonly says: RegExp;
  readonly kind: MemoryKind;
  readonly importance: number;
}

/** What people say when something is meant to last; what stands in the first group is the memory. */
const RULES: readonly Rule[] = [
  {
    says: /^(?:please,? )?remember(?: that|:)? (?!to\b|when\b|how\b|the last\b)(.+)$/i,
    kind: "fact",
    importance: 0.8,
  },
  { says: /^(?:decision|we decided|decided)(?::| to| that) (.+)$/i, kind: "fact", importance: 0.7 },
  { says: /^(?:lesson(?: learned)?|gotcha|pitfall|root cause): ?(.+)$/i, kind: "lesson", importance: 0.7 },
  { says: /^((?:always|never) (?!mind\b|again\b|ending\b)\S+ .+)$/i, kind: "preference", importance: 0.7 },
  {
    says: /^(i (?:always |really |strongly )?(?:prefer|like|hate|dislike) .+)$/i,
    kind: "preference",
    importance: 0.6,
  },
  {
    says: /^((?:in this (?:project|repo(?:sitory)?),? )?we (?:always |never |only )?(?:use|deploy|follow|store|keep|avoid|prefer) .+)$/i,
    kind: "fact",
    importance: 0.6,
  },
];

const SHORTEST = 15;
const LONGEST = 400;

/**
 * Proposes what people say in so many words that it is to be remembered: "remember that", "decision:", "lesson:", "always",
 * "never", "I prefer", "we use". English; of users and plain texts only, since an assistant and a tool say such things of
 * their own. Questions and quoted code are left out. It finds little, and that is meant: junk costs more.
 */
export class RuleExtractor implements Extractor {
  readonly name: string = "rules-1";

  async propose(turns: readonly Turn[], options: ExtractOptions): Promise<readonly ProposedMemory[]> {
    throwIfAborted(options.signal);
    const proposals = turns
      .filter(({ role }) => role === "user" || role === "text")
      .flatMap(({ content }) => sentencesOf(content).flatMap(proposalsOf));
    const unique = new Map(proposals.map((proposal) => [proposal.content, proposal] as const));
    return [...unique.values()]
      .sort((one, other) => (other.importance ?? 0) - (one.importance ?? 0))
      .slice(0, options.limit);
  }
}

/** Sentences of prose: code blocks and quoted lines are none. */
function sentencesOf(text: string): readonly string[] {
  const prose = text.split("```").filter((_, index) => index % 2 === 0);
  return prose
    .flatMap((part) => part.split("\n"))
    .filter((line) => !line.trimStart().startsWith(">"))
    .flatMap((line) => line.replace(/^\s*(?:[-*+]|\d{1,3}[.)])\s+/, "").split(/(?<=[.!?])\s+/))
    .map((sentence) => sentence.trim())
    .filter(({ length }) => length >= SHORTEST && length <= LONGEST);
}

function proposalsOf(sentence: string): readonly ProposedMemory[] {
  if (sentence.endsWith("?")) return [];
  for (const { says, kind, importance } of RULES) {
    const content = says.exec(sentence)?.[1]?.trim();
    if (content === undefined || content.length < SHORTEST) continue;
    return [{ content: content.charAt(0).toUpperCase() + content.slice(1), kind, importance }];
  }
  return [];
}
