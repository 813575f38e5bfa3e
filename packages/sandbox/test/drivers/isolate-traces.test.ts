import { isolateDriver } from "../../src/drivers/isolate.js";
import { withDriver } from "./one-shot.js";
import { keepsFilesApart, leavesNoTraces } from "./one-shot-traces.js";

await withDriver(isolateDriver, "isolate", (opened) => {
  keepsFilesApart(opened);
  leavesNoTraces(opened, "main.js", "console.log(1)");
});
