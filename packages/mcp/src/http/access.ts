import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { localhostAllowedOrigins, validateOriginHeader } from "@modelcontextprotocol/server";
import type { Refusal } from "./refusal.js";

/** The names of this machine, as a client writes them. */
const OWN_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{0,5}))?$/i;
const METHODS: readonly string[] = ["GET", "POST", "DELETE"];

/**
 * Refuses, by the head of a request alone, whoever may not call: a name that was made to point here (DNS rebinding), a page of another
 * origin that a browser of this machine shows, and a program without the token. Undefined when the request may be read.
 */
export function refusal(request: IncomingMessage, path: string, token: string): Refusal | undefined {
  const { headers, headersDistinct, method = "", url = "" } = request;
  const [name, ...others] = headersDistinct["host"] ?? [];
  if (name === undefined || others.length > 0)
    return { status: 400, message: "A request has one Host header." };
  if (!isOwn(name)) return { status: 403, message: "This name is not served here." };
  if (!METHODS.includes(method))
    return {
      status: 405,
      message: "This method is not served here.",
      headers: { allow: METHODS.join(", ") },
    };
  if (!validateOriginHeader(headers.origin, localhostAllowedOrigins()).ok)
    return { status: 403, message: "Pages of this origin may not call." };
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
  if (given === undefined || !isSame(given, token))
    return {
      status: 401,
      message: "The token is missing or wrong. Send it as: Authorization: Bearer <token>",
      headers: { "www-authenticate": 'Bearer realm="agentos"' },
    };
  return url.split("?", 1)[0] === path ? undefined : { status: 404, message: "Not found" };
}

/** Whether a text can be the token that clients send: 16 printable characters or more, without spaces. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{16,}$/.test(text);
}

function isOwn(name: string): boolean {
  const found = OWN_NAME.exec(name);
  return found !== null && Number(found[1] ?? 0) <= 65_535;
}

/** Takes the same time wherever they differ. */
function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
