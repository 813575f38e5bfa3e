import { quickjsDriver } from "../../src/drivers/quickjs.js";
import { javascriptAttacks } from "./javascript-attacks.js";
import { withDriver } from "./one-shot.js";

await withDriver(quickjsDriver, "quickjs", (opened) => {
  javascriptAttacks(opened);
});
