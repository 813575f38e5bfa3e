import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Hands requests on with the token that the suite cannot send; all else, names and origins too, goes through as it came. */
export async function withToken(
  url: string,
  token: string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const target = new URL(url);
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, authorization: `Bearer ${token}` };
    const { hostname, port } = target;
    // Each has a connection of its own: to end one must not end another that came by it later.
    const options = { hostname, port, path: asked.url, method: asked.method, headers, agent: false };
    const handed = request(options, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      answer.flushHeaders();
      got.pipe(answer);
    });
    handed.on("error", () => answer.destroy());
    answer.on("close", () => handed.destroy());
    asked.pipe(handed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}${target.pathname}`, close };
}
