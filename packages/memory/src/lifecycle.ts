import { throwIfAborted, type WaitOptions } from "@agentos/core";
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

/** When the owner of a memory cleans up by itself, and by which policy. */
export interface CleanupSchedule extends CleanupPolicy {
  /** Milliseconds from the end of one cleanup to the next. @default 600_000, 10 minutes */
  readonly everyMs?: number;
}

const QUARTER_MS = 90 * 24 * 3_600_000;
/** So many memories are looked at in one turn of the event loop. */
const LOOKED_AT_ONCE = 1_000;

/**
 * What a policy would put into the archive: what has expired, then the weakest until the rest fits.
 * @param most no more than so many
 */
export async function planCleanup(
  entries: Iterable<Entry>,
  policy: CleanupPolicy,
  now: number,
  { most = Infinity, signal }: WaitOptions & { readonly most?: number } = {},
): Promise<readonly CleanupItem[]> {
  const { records = Infinity, bytes = Infinity, halfLifeMs = QUARTER_MS } = policy;
  const plan: CleanupItem[] = [];
  const bounded = records < Infinity || bytes < Infinity;
  let weakest: Alive[] = [];
  let [left, used, looked] = [0, 0, 0];
  for (const { key, importance, recordedAt, expiresAt, size } of entries) {
    looked += 1;
    if (looked % LOOKED_AT_ONCE === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      throwIfAborted(signal);
    }
    const strength = importance * 2 ** (-Math.max(0, now - recordedAt) / halfLifeMs);
    if (expiresAt <= now) {
      if (plan.length < most) plan.push({ id: key, reason: "expired", strength });
      continue;
    }
    left += 1;
    used += size;
    if (!bounded) continue;
    weakest.push({ id: key, size, strength });
    if (weakest.length >= 2 * most) weakest = weakest.sort(weakestFirst).slice(0, most);
  }
  for (const { id, size, strength } of weakest.sort(weakestFirst)) {
    if (plan.length >= most || (left <= records && used <= bytes)) break;
    plan.push({ id, reason: "over the budget", strength });
    left -= 1;
    used -= size;
  }
  return plan;
}

interface Alive {
  readonly id: string;
  readonly size: number;
  readonly strength: number;
}

function weakestFirst(a: Alive, b: Alive): number {
  return a.strength - b.strength || (a.id < b.id ? -1 : 1);
}
