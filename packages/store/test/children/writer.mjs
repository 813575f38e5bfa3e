// Writes numbered batches, several at a time, and prints the number of each that was acknowledged, until it is killed.
import { Store } from "@agentos/store";

const [dir = ""] = process.argv.slice(2);
const store = await Store.open({ dir });
const items = store.collection("items");
let next = store.sequence;
console.log(`ready ${next}`);

async function writer() {
  for (;;) {
    next += 1;
    const value = { batch: next, text: "x".repeat((next * 7919) % 5_000) };
    // The order in which writes are asked for is their order in the store.
    const operations = Array.from({ length: 1 + (next % 7) }, (_, part) =>
      items.put(`${next}/${part}`, value),
    );
    const sequence = await store.write(operations, { durable: next % 3 === 0 });
    if (sequence !== value.batch) throw new Error(`batch ${value.batch} got sequence ${sequence}`);
    process.stdout.write(`${sequence}\n`);
  }
}

await Promise.all(Array.from({ length: 5 }, writer));
