import { hostileSuite } from "./suite.js";

await hostileSuite("namespace", ["rust"]);
