/**
 * Runs and judges the code of coding agents in replaceable sandboxes. Start with {@link Sandbox}.
 * @module
 */
export { defaultDrivers } from "./default-drivers.js";
export {
  type Availability,
  DRIVER_CONTRACT_VERSION,
  type DriverContext,
  type DriverFactory,
  type DriverJob,
  type DriverResult,
  type PlannedTestFile,
  type ProjectCheck,
  type ReportedTest,
  type SandboxDriver,
  type TestPlan,
  type TestReport,
} from "./driver.js";
export { namespaceDriver } from "./drivers/namespace.js";
export { SANDBOX_ERROR_CODES, type SandboxErrorCode, sandboxError } from "./errors.js";
export type { SandboxOptions } from "./options.js";
export type { DriverStatus } from "./registry.js";
export { Sandbox } from "./sandbox.js";
