// Opens a store in a thread or a process, once or several times, and says what came of it each time.
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { Store } from "@agentos/store";

const dir = isMainThread ? process.argv[2] : workerData;
const times = isMainThread ? Number(process.argv[3] ?? 1) : 1;
for (let time = 0; time < times; time++) {
  const result = await Store.open({ dir }).then(
    async (store) => {
      await store.close();
      return "opened";
    },
    (error) => error.code,
  );
  if (isMainThread) console.log(result);
  else parentPort.postMessage(result);
}
