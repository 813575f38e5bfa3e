import type { DriverFactory } from "./driver.js";
import { namespaceDriver } from "./drivers/namespace.js";

/** The drivers of this package in the order in which they are tried: strongest and quickest first. */
export function defaultDrivers(): readonly DriverFactory[] {
  return [
    namespaceDriver,
    lazy("isolate", async () => (await import("./isolate/index.js")).isolateDriver),
    lazy("quickjs", async () => (await import("./drivers/quickjs.js")).quickjsDriver),
    lazy("pyodide", async () => (await import("./drivers/pyodide.js")).pyodideDriver),
  ];
}

/** A driver whose code and libraries are loaded when it is first tried; a missing library costs a note, not a crash. */
function lazy(name: string, load: () => Promise<DriverFactory>): DriverFactory {
  return {
    name,
    async probe(context) {
      try {
        return await (await load()).probe(context);
      } catch (error) {
        const reason = `it could not be loaded: ${(error as Error).message}`;
        return { available: false, reason, remedy: "install the dependencies of @agentos/sandbox again" };
      }
    },
    async open(context) {
      return (await load()).open(context);
    },
  };
}
