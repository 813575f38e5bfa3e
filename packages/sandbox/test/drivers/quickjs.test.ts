import { quickjsDriver } from "../../src/drivers/quickjs.js";
import { conformanceTests, withDriver } from "./one-shot.js";

await withDriver(quickjsDriver, "quickjs", (opened) => {
  conformanceTests(opened);
});
