// The main job: installs and builds what is not there yet, then works through examples/tasks.
import { join } from "node:path";
import { root, run, setUp } from "./lib/setup.mjs";

setUp();
run(process.execPath, [join(root, "examples/dist/main-job.js"), ...process.argv.slice(2)]);
