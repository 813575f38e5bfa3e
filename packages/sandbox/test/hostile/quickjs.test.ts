import { hostileSuite } from "./suite.js";

await hostileSuite("quickjs", ["javascript"]);
