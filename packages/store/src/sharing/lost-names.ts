import { readdir, readFile, readlink, stat } from "node:fs/promises";

/**
 * Of some names those whose holder will not give them back: it is stopped, or no process of this user that can be seen from here, since
 * anybody on the machine can read the names of sockets and take those that are free. Only Linux tells; elsewhere there are none.
 */
export async function lostNames(names: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (process.platform !== "linux") return new Set();
  const holders = await socketsOf(names);
  if (holders.size === 0) return new Set();
  const held = await atWork(new Set(holders.values()));
  return new Set([...holders].flatMap(([name, socket]) => (held.has(socket) ? [] : [name])));
}

/** The sockets, as numbers, that listen on these names. */
async function socketsOf(names: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  // Address, references, protocol, flags, type, state, number, name.
  for (const line of (await readFile("/proc/net/unix", "latin1").catch(() => "")).split("\n")) {
    const [, socket, name] = /^\S+ \S+ \S+ \S+ \S+ \S+ +(\d+) @(.*?)@*$/.exec(line) ?? [];
    if (socket !== undefined && name !== undefined && names.has(name)) found.set(name, socket);
  }
  return found;
}

/** Which of these sockets are open in a process of this user that is not stopped. */
async function atWork(sockets: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const id of await readdir("/proc")) {
    if (!/^\d+$/.test(id)) continue;
    // What cannot be read is another user's, or has ended meanwhile; root reads all.
    const owner = await stat(`/proc/${id}`).catch(() => undefined);
    if (owner?.uid !== process.geteuid?.()) continue;
    const opened = await readdir(`/proc/${id}/fd`).catch(() => []);
    const links = await Promise.all(opened.map((one) => readlink(`/proc/${id}/fd/${one}`).catch(() => "")));
    const own = links
      .flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
      .filter((socket) => sockets.has(socket));
    if (own.length === 0) continue;
    const status = await readFile(`/proc/${id}/status`, "latin1").catch(() => "");
    if (!/^State:\s+[^Tt]/m.test(status)) continue;
    for (const socket of own) found.add(socket);
  }
  return found;
}
