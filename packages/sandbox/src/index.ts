/**
 * Runs and judges the code of coding agents in replaceable sandboxes. Start with {@link Sandbox}.
 * @module
 */
export type { SandboxEvents } from "./bounded-driver.js";
export { defaultDrivers } from "./default-drivers.js";
export {
  type Availability,
  type Cheat,
  type CheatKind,
  type Collect,
  type Collected,
  DRIVER_CONTRACT_VERSION,
  type DriverContext,
  type DriverFactory,
  type DriverJob,
  type DriverResult,
  type Half,
  type JobBase,
  type PlannedTestFile,
  type ProjectCheck,
  type RunHooks,
  type SandboxDriver,
  type TestFramework,
  type TestPlan,
  type TestReport,
} from "./driver.js";
export { namespaceDriver } from "./drivers/namespace.js";
export { SANDBOX_ERROR_CODES, type SandboxErrorCode, sandboxError } from "./errors.js";
export { LiveRun } from "./live-run.js";
export type { SandboxOptions } from "./options.js";
export { applyPatch, type Patched, type ReadFile } from "./patch.js";
export type { DriverStatus } from "./registry.js";
export { Sandbox } from "./sandbox.js";
export type { PoolMetrics } from "./spare-pool.js";
