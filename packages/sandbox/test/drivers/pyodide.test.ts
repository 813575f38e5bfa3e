import { pyodideDriver } from "../../src/drivers/pyodide.js";
import { conformanceTests, withDriver } from "./one-shot.js";

await withDriver(pyodideDriver, "pyodide", (opened) => {
  conformanceTests(opened);
});
