import { isolateDriver } from "../../src/drivers/isolate.js";
import { conformanceTests, withDriver } from "./one-shot.js";

await withDriver(isolateDriver, "isolate", (opened) => {
  conformanceTests(opened);
});
