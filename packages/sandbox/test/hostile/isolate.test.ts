import { hostileSuite } from "./suite.js";

await hostileSuite("isolate", ["javascript"]);
