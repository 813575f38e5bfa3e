import { timingSafeEqual } from "node:crypto";
import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from "@modelcontextprotocol/server";

/**
 * Refuses whoever may not call: a page of another origin that a browser of this machine shows, a name that was made to point here (DNS
 * rebinding), and a program without the token. Undefined when a request may proceed.
 */
export function refusal(request: Request, token: string): Response | undefined {
  const foreign =
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins());
  if (foreign !== undefined) return foreign;
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (given !== undefined && isSame(given, token)) return undefined;
  return new Response("The token is missing or wrong. Send it as: Authorization: Bearer <token>\n", {
    status: 401,
    headers: { "www-authenticate": 'Bearer realm="agentos"', "content-type": "text/plain" },
  });
}

/** Takes the same time wherever they differ. */
function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
