/**
 * The conformance suite of the driver contract: what every driver must do, steered by the capabilities that it declares.
 * It needs no test runner; each case throws an `AssertionError` when the driver is wrong.
 * @module
 */
import type { ConformanceCase } from "@agentos/core/conformance";
import type { SandboxDriver } from "../driver.js";
import { programCases } from "./program-cases.js";
import { testCases } from "./test-cases.js";

/** What a driver's author may say about the suite. */
export interface ConformanceOptions {
  /**
   * Cases that this driver leaves out, by the end of their name, each with the reason.
   * @default none
   */
  readonly skips?: Readonly<Record<string, string>>;
  /** Wall time that an ordinary run may take on this driver, in milliseconds. @default 20_000 */
  readonly patienceMs?: number;
}

/** Every case for an opened driver. Cases may run in any order, one at a time. */
export function driverConformance(
  driver: SandboxDriver,
  options: ConformanceOptions = {},
): readonly ConformanceCase[] {
  const patienceMs = options.patienceMs ?? 20_000;
  const cases = [...programCases(driver, patienceMs), ...testCases(driver, patienceMs)];
  const skips = Object.entries(options.skips ?? {});
  return cases.map((item) => {
    const reason = skips.find(([name]) => item.name.endsWith(name))?.[1];
    return item.skip === undefined && reason !== undefined ? { ...item, skip: reason } : item;
  });
}
