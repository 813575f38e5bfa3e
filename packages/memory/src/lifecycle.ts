import type { Entry } from "./catalogue.js";

/** What may stay in use. */
export interface CleanupPolicy {
  /** At most so many memories. @default no limit */
  readonly records?: number;
  /** At most so many bytes of content. @default no limit */
  readonly bytes?: number;
  /** In how many milliseconds a memory's strength falls by half. @default 7_776_000_000, 90 days */
  readonly halfLifeMs?: number;
}

/** Why a memory goes into the archive. */
export interface CleanupItem {
  readonly id: string;
  readonly reason: "expired" | "over the budget";
  /** Its importance, halved with every half-life of its age. */
  readonly strength: number;
}

const QUARTER_MS = 90 * 24 * 3_600_000;

/** What a policy would put into the archive: what has expired, then the weakest until the rest fits. */
export function planCleanup(
  entries: Iterable<Entry>,
  policy: CleanupPolicy,
  now: number,
): readonly CleanupItem[] {
  const { records = Infinity, bytes = Infinity, halfLifeMs = QUARTER_MS } = policy;
  const plan: CleanupItem[] = [];
  const alive: { readonly id: string; readonly size: number; readonly strength: number }[] = [];
  let used = 0;
  for (const { key, importance, recordedAt, expiresAt, size } of entries) {
    const strength = importance * 2 ** (-Math.max(0, now - recordedAt) / halfLifeMs);
    if (expiresAt <= now) plan.push({ id: key, reason: "expired", strength });
    else {
      alive.push({ id: key, size, strength });
      used += size;
    }
  }
  alive.sort((a, b) => a.strength - b.strength || (a.id < b.id ? -1 : 1));
  let left = alive.length;
  for (const { id, size, strength } of alive) {
    if (left <= records && used <= bytes) break;
    plan.push({ id, reason: "over the budget", strength });
    left -= 1;
    used -= size;
  }
  return plan;
}
