// Opens a shared store, uses it and closes nothing: it must end by itself.
import { Store } from "@agentos/store";

const store = await Store.open({ dir: process.argv[2], shared: true });
store.onChange(() => {});
await store.write([store.collection("a").put("k", 1)], { durable: true });
for await (const _ of store.collection("a").entries()) break;
console.log(store.role);
