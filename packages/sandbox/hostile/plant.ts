import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SECRET = "planted-secret-5f1d";
const VARIABLE = "AGENTOS_PLANTED";

/** What is put on the host for hostile programs to find: nothing of it may be read, changed or reached. */
export interface Plant {
  /**
   * Fills in a program: `@FOLDER@` a writable folder of the host, `@SECRET@` a file in it, `@PORT@` a TCP port and
   * `@UDP@` a UDP port of its loopback, `@ABSTRACT@` the name of an abstract socket, `@SOCKET@` the path of one in the
   * folder, `@PROCESS@` the id of a process, `@WORD@` text that only the secret file holds, cut in two.
   */
  fill(program: string): string;
  /** What was read, changed or reached since the last look, a sentence each; none when all is untouched. */
  damage(output?: string): readonly string[];
  close(): Promise<void>;
}

/** Plants the sentinels. */
export async function plantSentinels(): Promise<Plant> {
  const folder = mkdtempSync(join(tmpdir(), "agentos-planted-"));
  chmodSync(folder, 0o777);
  const secret = join(folder, "secret.txt");
  mkdirSync(join(folder, ".git/hooks"), { recursive: true });
  writeFileSync(secret, SECRET);
  chmodSync(secret, 0o666);
  for (const writable of [join(folder, ".git"), join(folder, ".git/hooks")]) chmodSync(writable, 0o777);
  const before = listing(folder);
  process.env[VARIABLE] = SECRET;
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].filter(
    (name) => process.env[name] === undefined,
  );

  let connections = 0;
  const servers: Server[] = [];
  const listen = async (where: number | string): Promise<Server> => {
    const server = createServer((socket) => {
      connections += 1;
      socket.on("error", () => {});
      socket.end(`HTTP/1.0 200 OK\r\n\r\n${SECRET}`);
    });
    servers.push(server);
    if (typeof where === "number") server.listen(where, "127.0.0.1");
    else server.listen(where);
    await once(server, "listening");
    return server;
  };
  const tcp = await listen(0);
  const abstract = `agentos-planted-${process.pid}`;
  await listen(`\0${abstract}`);
  const socketPath = join(folder, "planted.sock");
  await listen(socketPath);
  chmodSync(socketPath, 0o777);
  const port = (tcp.address() as { port: number }).port;
  for (const name of proxies) process.env[name] = `http://127.0.0.1:${port}`;
  const udp = createSocket("udp4");
  let datagrams = 0;
  udp.on("message", () => {
    datagrams += 1;
  });
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { stdio: "ignore" });
  let bystanderEnded = false;
  const ended = once(bystander, "exit").then(() => {
    bystanderEnded = true;
  });

  const words: Readonly<Record<string, string>> = {
    "@FOLDER@": folder,
    "@SECRET@": secret,
    "@PORT@": String(port),
    "@UDP@": String(udp.address().port),
    "@ABSTRACT@": abstract,
    "@SOCKET@": socketPath,
    "@PROCESS@": String(bystander.pid),
    "@WORD@": `${SECRET.slice(0, 8)}|${SECRET.slice(8)}`,
  };
  return {
    fill: (program) =>
      Object.entries(words).reduce((text, [word, value]) => text.replaceAll(word, value), program),
    damage(output = "") {
      const after = listing(folder).filter((name) => name !== "planted.sock");
      const reached = { connections, datagrams };
      connections = 0;
      datagrams = 0;
      return [
        ...(output.includes(SECRET) ? ["the secret was printed"] : []),
        ...(readFileSync(secret, "utf8") === SECRET ? [] : ["the secret file was changed"]),
        ...(after.join() === before.join() ? [] : [`the planted folder was changed: ${after.join()}`]),
        ...(reached.connections === 0 ? [] : [`${reached.connections} connections reached the host`]),
        ...(reached.datagrams === 0 ? [] : [`${reached.datagrams} datagrams reached the host`]),
        ...(bystanderEnded ? ["a process of the host was ended"] : []),
      ];
    },
    async close() {
      delete process.env[VARIABLE];
      for (const name of proxies) delete process.env[name];
      bystander.kill("SIGKILL");
      await ended;
      udp.close();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listing(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}
