// Writes and reads a shared store without end. A line of output is the number of a batch that was acknowledged, its
// sequence and how long it took; "role" when it owns the store; "wrong" and what, when anything is not as it must be.
import { Store } from "@agentos/store";

const [dir = "", name = "", compacts = ""] = process.argv.slice(2);
const say = (...words) => process.stdout.write(`${words.join(" ")}\n`);
const store = await Store.open({ dir, shared: true });
const items = store.collection("items");
let told = store.sequence;
store.onChange(({ sequence, changed }) => {
  // A compaction begins the change log anew.
  if (changed === "unknown" && compacts === "") say("wrong", `the changes up to ${sequence} are unknown`);
  else if (changed === "unknown") say("unknown", sequence);
  else if (sequence !== told + 1) say("wrong", `change ${sequence} was told after ${told}`);
  told = sequence;
});
store.onRole((role) => say("role", role));
say("role", store.role);

const acknowledged = new Set();
let next = 0;

async function write() {
  for (;;) {
    next += 1;
    const key = `${name}/${String(next).padStart(8, "0")}`;
    const started = performance.now();
    const sequence = await store.write([items.put(key, { key, text: "x".repeat((next * 7919) % 500) })], {
      durable: next % 5 === 0,
    });
    if (told < sequence) say("wrong", `batch ${sequence} resolved before it was told`);
    acknowledged.add(key);
    say("ack", key, sequence, Math.round(performance.now() - started));
    if ((await items.get(key))?.key !== key) say("wrong", `${key} cannot be read back`);
    // Leaves some time to the other processes, as real work would.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function walk() {
  for (;;) {
    const before = [...acknowledged];
    const seen = [];
    for await (const [key] of items.entries({ prefix: `${name}/` })) seen.push(key);
    const set = new Set(seen);
    if (set.size !== seen.length) say("wrong", "a walk gave a key twice");
    if (seen.some((key, n) => n > 0 && key <= seen[n - 1])) say("wrong", "a walk was out of order");
    for (const key of before) if (!set.has(key)) say("wrong", `a walk did not give ${key}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function compact() {
  while (compacts !== "") {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await store.compact();
    say("compacted");
  }
}

await Promise.all([write(), write(), write(), walk(), compact()]);
