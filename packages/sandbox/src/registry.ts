import type { Guarantee, Language, Logger, Needs, RunLimit } from "@agentos/core";
import type { BoundedDriver } from "./bounded-driver.js";
import {
  type Availability,
  DRIVER_CONTRACT_VERSION,
  type DriverContext,
  type DriverFactory,
  type SandboxDriver,
} from "./driver.js";
import { sandboxError } from "./errors.js";

/** What a run asks of its driver. */
export interface Wanted {
  readonly language: Language;
  readonly needs: Needs;
  /** Bounds that it must hold. */
  readonly limits: readonly RunLimit[];
  /** Whether it must run test plans. @default false */
  readonly tests?: boolean;
  /** Whether it must run the halves of separated verdicts. @default false */
  readonly separates?: boolean;
  /** Whether it must work on projects. @default false */
  readonly projects?: boolean;
  /** Whether it must hand back files. @default false */
  readonly collects?: boolean;
  /** Its name, when the caller named one. */
  readonly driver: string | undefined;
}

/** A driver and what was found out about it. */
export interface DriverStatus {
  readonly name: string;
  readonly availability: Availability;
}

/** Tries drivers when they are first needed, opens those that are used, and chooses among them in their order. */
export class DriverRegistry {
  readonly #factories: readonly DriverFactory[];
  readonly #context: DriverContext;
  readonly #logger: Logger;
  readonly #wrap: (driver: SandboxDriver) => BoundedDriver;
  readonly #probes = new Map<string, Promise<Availability>>();
  readonly #open = new Map<string, Promise<BoundedDriver>>();

  constructor(
    factories: readonly DriverFactory[],
    context: DriverContext,
    logger: Logger,
    wrap: (driver: SandboxDriver) => BoundedDriver,
  ) {
    this.#wrap = wrap;
    this.#factories = factories;
    this.#context = context;
    this.#logger = logger;
  }

  /** Every driver with what it can do here. */
  async list(): Promise<readonly DriverStatus[]> {
    const list: DriverStatus[] = [];
    // One after another: a probe starts processes, and some measure time.
    for (const factory of this.#factories) {
      list.push({ name: factory.name, availability: await this.#probe(factory) });
    }
    return list;
  }

  /** The first driver that gives all that is wanted. Throws an error that says what each one lacks. */
  async choose(wanted: Wanted): Promise<BoundedDriver> {
    const candidates = wanted.driver
      ? this.#factories.filter((factory) => factory.name === wanted.driver)
      : this.#factories;
    if (candidates.length === 0) {
      const names = this.#factories.map((factory) => factory.name).join(", ");
      throw sandboxError(
        "SANDBOX_DRIVER_UNKNOWN",
        wanted.driver === undefined
          ? "This sandbox was opened without drivers. Leave the option drivers out for the default ones."
          : `There is no driver named "${wanted.driver}". There are: ${names || "none"}.`,
      );
    }
    const lacks: string[] = [];
    let speaks = false;
    for (const factory of candidates) {
      const availability = await this.#probe(factory);
      const lack = lackOf(availability, wanted);
      if (lack) {
        speaks ||= lack.guarantee;
        lacks.push(`${factory.name}: ${lack.text}`);
        continue;
      }
      const driver = await this.#opened(factory);
      // What it gives now may be less than what its probe found: a machine changes.
      const { mechanism, guarantees, limits, languages } = driver;
      const opened = { available: true, mechanism, guarantees, limits, languages, notes: [] } as const;
      const lost = lackOf(opened, wanted);
      if (lost) {
        speaks ||= lost.guarantee;
        lacks.push(`${factory.name}: since it was tried, it ${lost.text}`);
        continue;
      }
      if (wanted.tests && !driver.testsIn.includes(wanted.language)) {
        lacks.push(`${factory.name}: runs no tests in ${wanted.language}`);
      } else if (wanted.separates && driver.separates?.includes(wanted.language) !== true) {
        lacks.push(`${factory.name}: does not keep tests apart from the candidate in ${wanted.language}`);
      } else if (wanted.collects && driver.collects !== true) {
        speaks = true;
        lacks.push(`${factory.name}: has no file system whose files it could hand back`);
      } else if (wanted.projects && driver.projects !== true) {
        lacks.push(`${factory.name}: does not work on projects`);
      } else {
        return driver;
      }
    }
    const needs = wanted.needs === "none" ? "no guarantees" : wanted.needs.join(", ");
    throw sandboxError(
      speaks ? "SANDBOX_GUARANTEE_UNAVAILABLE" : "SANDBOX_LANGUAGE_UNAVAILABLE",
      `No driver can run ${wanted.language} here with ${needs}. ${lacks.join(". ")}.`,
      { details: { language: wanted.language, needs: wanted.needs, lacks } },
    );
  }

  /** Closes every driver that was opened. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled([...this.#open.values()]);
    const closed = await Promise.allSettled(
      opened.filter((result) => result.status === "fulfilled").map((result) => result.value.close()),
    );
    const failures = closed.filter((result) => result.status === "rejected").map((result) => result.reason);
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  }

  #probe(factory: DriverFactory): Promise<Availability> {
    const known = this.#probes.get(factory.name);
    if (known) return known;
    const probe = factory
      .probe(this.#context)
      .catch(
        (error: Error): Availability => ({
          available: false,
          reason: `its probe failed: ${error.message}`,
          remedy: "report this to the driver's authors",
        }),
      )
      .then((availability) => {
        this.#logger.debug({ driver: factory.name, availability }, "sandbox driver probed");
        return availability;
      });
    this.#probes.set(factory.name, probe);
    return probe;
  }

  #opened(factory: DriverFactory): Promise<BoundedDriver> {
    const known = this.#open.get(factory.name);
    if (known) return known;
    const opening = factory.open(this.#context).then(async (driver) => {
      if (driver.contract === DRIVER_CONTRACT_VERSION) return this.#wrap(driver);
      await driver.close();
      throw sandboxError(
        "SANDBOX_DRIVER_CONTRACT",
        `The driver "${factory.name}" was written for version ${driver.contract} of the driver contract, this is ${DRIVER_CONTRACT_VERSION}. Install versions that go together.`,
      );
    });
    this.#open.set(factory.name, opening);
    // One that failed to open may be tried again.
    opening.catch(() => this.#open.delete(factory.name));
    return opening;
  }
}

function lackOf(
  availability: Availability,
  wanted: Wanted,
): { readonly text: string; readonly guarantee: boolean } | undefined {
  if (!availability.available) {
    return { text: `${availability.reason} (${availability.remedy})`, guarantee: false };
  }
  if (!availability.languages.includes(wanted.language)) {
    const notes = availability.notes.length > 0 ? ` (${availability.notes.join("; ")})` : "";
    return { text: `does not run ${wanted.language}${notes}`, guarantee: false };
  }
  const missing = missingGuarantees(availability.guarantees, wanted.needs);
  const unbounded = wanted.limits.filter((limit) => !availability.limits.includes(limit));
  if (missing.length === 0 && unbounded.length > 0) {
    return { text: `cannot hold ${unbounded.join(", ")}`, guarantee: true };
  }
  if (missing.length === 0) return undefined;
  const notes = availability.notes.filter((note) =>
    missing.some((guarantee) => note.startsWith(`${guarantee}:`)),
  );
  const how = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  return { text: `does not give ${missing.join(", ")}${how}`, guarantee: true };
}

/** Which of the needed guarantees are not given. */
function missingGuarantees(given: readonly Guarantee[], needs: Needs): readonly Guarantee[] {
  return needs === "none" ? [] : needs.filter((guarantee) => !given.includes(guarantee));
}
