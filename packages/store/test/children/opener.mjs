// Opens a store in a thread or a process and says what came of it.
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { Store } from "@agentos/store";

const dir = isMainThread ? process.argv[2] : workerData;
const result = await Store.open({ dir }).then(
  async (store) => {
    await store.close();
    return "opened";
  },
  (error) => error.code,
);
if (isMainThread) console.log(result);
else parentPort.postMessage(result);
