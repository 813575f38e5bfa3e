// Opens a shared store and does what its parent asks over IPC.
import { Store } from "@agentos/store";

const [dir = ""] = process.argv.slice(2);
const store = await Store.open({ dir, shared: true });
const changes = [];
store.onChange((change) => changes.push({ ...change, at: Date.now() }));
store.onRole((role) => process.send({ role, at: Date.now() }));

const commands = {
  put: ({ collection, key, value, durable = false }) =>
    store.write([store.collection(collection).put(key, value)], { durable }),
  get: ({ collection, key }) => store.collection(collection).get(key),
  call: ({ service, request }) => store.call(service, request),
  // Answers with its pid, after a while when it is asked to, and tells its parent when it begins and when it is cancelled.
  serve: ({ service }) => {
    store.serve(service, async (request, { signal }) => {
      process.send({ called: request });
      signal.addEventListener("abort", () => process.send({ cancelled: request }));
      if (request?.fail === "own") throw Object.assign(new TypeError("no such thing"), { code: "X" });
      if (request?.wait !== undefined) await new Promise((resolve) => setTimeout(resolve, request.wait));
      return { pid: process.pid, request };
    });
  },
  changes: () => changes,
  touched: ({ after, collections }) => store.changes(after, collections),
  // Writes snapshots without end, each with one byte all over, and says when each begins.
  snapshots: async ({ name, bytes }) => {
    for (let round = 0; ; round++) {
      await store.write([store.collection("rounds").put(`${round % 50}`, round)]);
      const { sequence } = store;
      process.send({ begins: sequence });
      const part = new Uint8Array(bytes).fill(sequence % 251);
      await store.snapshot(name).write(sequence, new Map([["part", part]]));
      process.send({ written: sequence });
    }
  },
  snapshot: async ({ name, text }) => {
    await store.snapshot(name).write(store.sequence, new Map([["part", Buffer.from(text)]]));
  },
  readSnapshot: async ({ name }) => {
    const content = await store.snapshot(name).read();
    return content && { sequence: content.sequence, text: Buffer.from(content.parts.get("part")).toString() };
  },
  compact: () => store.compact(),
  backup: ({ to }) => store.backup({ dir: to }),
  state: () => ({ role: store.role, sequence: store.sequence }),
  close: async () => {
    await store.close();
    process.disconnect();
  },
};

process.on("message", async ({ id, command, ...given }) => {
  try {
    const value = await commands[command](given);
    if (process.connected) process.send({ id, value });
  } catch ({ code, message, details }) {
    process.send({ id, error: { code, message, details } });
  }
});
process.send({ role: store.role, at: Date.now() });
