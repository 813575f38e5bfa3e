import type { Guarantee, Language } from "@agentos/core";
import { describe, expect, it } from "vitest";
import { planMachine } from "../../main-job/machine.js";

type Drivers = Parameters<typeof planMachine>[0];

function driver(
  name: string,
  languages: Language[],
  guarantees: Guarantee[],
  mechanism = "wasm",
): Drivers[number] {
  const availability = { available: true, mechanism, guarantees, languages, notes: [] };
  return { name, availability } as unknown as Drivers[number];
}

describe("planMachine", () => {
  it("takes the first driver that gives what is wanted, with nothing lowered", () => {
    const { plans } = planMachine([
      driver("weak", ["python"], ["memory"]),
      driver("full", ["python"], ["filesystem", "network"]),
      driver("other", ["python"], ["filesystem", "network", "memory"]),
    ]);
    expect(plans.python).toMatchObject({ runs: true, driver: "full", missing: [] });
    expect(plans.python).not.toHaveProperty("needs");
  });

  it("lowers what is needed by name where a guarantee is missing", () => {
    const { plans } = planMachine([driver("weak", ["python"], ["network", "memory"])]);
    expect(plans.python).toMatchObject({ driver: "weak", needs: ["network"], missing: ["filesystem"] });
  });

  it('writes "none" where nothing that is wanted is given', () => {
    const { plans } = planMachine([driver("weak", ["python"], ["memory"])]);
    expect(plans.python).toMatchObject({ needs: "none", missing: ["filesystem", "network"] });
  });

  it("skips a language that only an unprotected driver runs, and one that none runs", () => {
    const { plans } = planMachine([driver("bare", ["go"], ["filesystem", "network"], "none")]);
    expect(plans.go.runs).toBe(false);
    expect(plans.javascript.runs).toBe(false);
  });

  it("names the remedy of what is absent", () => {
    const availability = { available: false, reason: "not found", remedy: "install it" } as const;
    const { remedies, plans } = planMachine([{ name: "namespace", availability }] as Drivers);
    expect(remedies).toEqual(["namespace: not found (install it)"]);
    expect(plans.go.runs).toBe(false);
  });
});
