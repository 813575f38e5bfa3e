import { hostileSuite } from "./suite.js";

await hostileSuite("pyodide", ["python"]);
