import { isolateDriver } from "../../src/drivers/isolate.js";
import { javascriptAttacks } from "./javascript-attacks.js";
import { withDriver } from "./one-shot.js";

await withDriver(isolateDriver, "isolate", (opened) => {
  javascriptAttacks(opened);
});
