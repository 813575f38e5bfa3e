/**
 * The driver that runs JavaScript and TypeScript in isolates of V8. Needs the optional peer `isolated-vm`, which loads
 * only inside the child processes.
 *
 * @module
 */
export { isolateDriver } from "../drivers/isolate.js";
