import { hostOverHttp } from "@agentos/mcp";
import type { PartResult } from "../lib/parts.js";
import type { ConformanceBench } from "./context.js";
import { fixtureServer } from "./mcp-fixture.js";
import { runSuite } from "./suite.js";
import { withToken } from "./with-token.js";

/** Scenarios of the active suite that a server of ours need not pass, with the reason. None. */
const EXCUSED: Readonly<Record<string, string>> = {};

/** The protocol's own suite, against a server that is served as ours is. */
export async function mcpPart({ folder, signal }: ConformanceBench): Promise<PartResult> {
  const host = await hostOverHttp(fixtureServer);
  const proxy = await withToken(host.url, host.token);
  try {
    const { scenarios, pending } = await runSuite(proxy.url, folder, signal);
    const failed = scenarios.filter(({ failures, name }) => failures.length > 0 && !(name in EXCUSED));
    const skipped = [
      ...pending.map((name) => `${name}: the suite holds it back (pending)`),
      ...Object.entries(EXCUSED).map(([name, reason]) => `${name}: ${reason}`),
    ];
    const count = (name: string, value: number, target?: { readonly atMost: number }) => ({
      name: `conformance.mcp.${name}`,
      value,
      unit: "count" as const,
      ...(target && { target }),
    });
    return {
      metrics: [
        count("passed", scenarios.length - failed.length),
        count("failed", failed.length, { atMost: 0 }),
        count("skipped", skipped.length),
        count(
          "checks",
          scenarios.reduce((sum, { checks }) => sum + checks, 0),
        ),
      ],
      notes: [
        ...failed.flatMap(({ name, failures }) => failures.map((failure) => `failed: ${name}: ${failure}`)),
        ...skipped.map((reason) => `skipped: ${reason}`),
      ],
    };
  } finally {
    await proxy.close();
    await host.close();
  }
}
