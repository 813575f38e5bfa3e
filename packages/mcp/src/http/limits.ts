import { MOST_MESSAGE_BYTES } from "../message-size.js";

/** What an HTTP server takes from those who call, the ones that may and the ones that may not. */
export interface HttpLimits {
  /** Milliseconds within which a connection must have sent the head of a request. */
  readonly headMs: number;
  /** Milliseconds within which all of a request must have come. Its answer may take longer. */
  readonly requestMs: number;
  /** How often connections are looked at for that, in milliseconds. */
  readonly checkMs: number;
  readonly connections: number;
  /** Of one body. */
  readonly bodyBytes: number;
  /** Of all bodies that are under way together. */
  readonly bodiesBytes: number;
  /** So many of each body do not count: there is room for a cancellation always. */
  readonly uncountedBytes: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headMs: 10_000,
  requestMs: 60_000,
  checkMs: 2_000,
  // 64 sessions, each with its stream and some calls at once.
  connections: 512,
  bodyBytes: MOST_MESSAGE_BYTES,
  bodiesBytes: 4 * MOST_MESSAGE_BYTES,
  uncountedBytes: 65_536,
};
