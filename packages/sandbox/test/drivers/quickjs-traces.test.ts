import { quickjsDriver } from "../../src/drivers/quickjs.js";
import { withDriver } from "./one-shot.js";
import { keepsFilesApart, leavesNoTraces } from "./one-shot-traces.js";

await withDriver(quickjsDriver, "quickjs", (opened) => {
  keepsFilesApart(opened);
  leavesNoTraces(opened, "main.js", "console.log(1)");
});
