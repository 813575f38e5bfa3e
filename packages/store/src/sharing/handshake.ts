import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { AgentOSError } from "@agentos/core";
import * as v from "valibot";
import { storeError } from "../errors.js";
import type { Connection } from "./connection.js";
import { PROTOCOL } from "./messages.js";

// 1. client: protocol, folder, nonce   2. owner: protocol, nonce, proof   3. client: proof, last sequence it knows
// A proof is an HMAC of both nonces under the token, so that neither side gives away what it knows to one that only
// sits at the right address. These three messages keep their form in every version of the protocol.

/** How long a side waits for the other's next message. */
export const HANDSHAKE_MS = 3_000;

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const helloSchema = v.object({
  agentos: v.literal("store"),
  protocol: v.number(),
  folder: v.string(),
  nonce: hex,
});
const challengeSchema = v.union([
  v.object({ protocol: v.number(), pid: v.number(), refused: v.picklist(["protocol", "folder"]) }),
  v.object({ protocol: v.number(), pid: v.number(), nonce: hex, proof: hex }),
]);
const proofSchema = v.object({ proof: hex, since: v.optional(v.pipe(v.number(), v.safeInteger())) });

/** What both sides of a store know. */
export interface Shared {
  readonly token: string;
  /** Of the store's folder. */
  readonly identity: string;
}

/** The client's side; it must be ready for the owner's messages before it calls `prove`. */
export async function greetOwner(
  connection: Connection,
  { token, identity }: Shared,
  dir: string,
): Promise<{ readonly pid: number; readonly prove: (since: number | undefined) => void }> {
  const nonce = randomNonce();
  connection.send({ agentos: "store", protocol: PROTOCOL, folder: identity, nonce });
  const challenge = v.parse(challengeSchema, await connection.receive(HANDSHAKE_MS));
  if (challenge.protocol !== PROTOCOL) throw protocolError(dir, challenge.protocol, challenge.pid);
  if ("refused" in challenge) throw new Error(`the owner refuses: ${challenge.refused}`);
  const nonces = nonce + challenge.nonce;
  if (!same(challenge.proof, proof(token, "owner", nonces)))
    throw new Error("the owner does not know the token");
  const prove = (since: number | undefined): void =>
    connection.send({ proof: proof(token, "client", nonces), since });
  return { pid: challenge.pid, prove };
}

/** The owner's side. Resolves to the last sequence that the client knows, or undefined when it is a stranger. */
export async function greetClient(
  connection: Connection,
  { token, identity }: Shared,
): Promise<{ readonly since: number | undefined } | undefined> {
  const hello = v.parse(helloSchema, await connection.receive(HANDSHAKE_MS));
  const own = { protocol: PROTOCOL, pid: process.pid };
  const refused = hello.protocol !== PROTOCOL ? "protocol" : hello.folder !== identity ? "folder" : undefined;
  if (refused !== undefined) {
    connection.send({ ...own, refused });
    await connection.end(HANDSHAKE_MS);
    return undefined;
  }
  const nonce = randomNonce();
  const nonces = hello.nonce + nonce;
  connection.send({ ...own, nonce, proof: proof(token, "owner", nonces) });
  const answer = v.parse(proofSchema, await connection.receive(HANDSHAKE_MS));
  if (!same(answer.proof, proof(token, "client", nonces)))
    throw new Error("the client does not know the token");
  return { since: answer.since };
}

function protocolError(dir: string, protocol: number, pid: number): AgentOSError {
  return storeError(
    "STORE_PROTOCOL_MISMATCH",
    `The process that owns the store in ${dir} (pid ${pid}) speaks version ${protocol} of the store's protocol, this one version ${PROTOCOL}. Use the same version of AgentOS in both, or close that process.`,
    { details: { dir, pid, protocol, supported: PROTOCOL } },
  );
}

function randomNonce(): string {
  return randomBytes(32).toString("hex");
}

function proof(token: string, side: "owner" | "client", nonces: string): string {
  return createHmac("sha256", token).update(`${side} ${nonces}`).digest("hex");
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
