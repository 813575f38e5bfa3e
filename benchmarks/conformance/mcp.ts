import { hostOverHttp } from "@agentos/mcp";
import type { Metric } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import type { ConformanceBench } from "./context.js";
import { fixtureServer } from "./mcp-fixture.js";
import { type RevisionResult, Suite } from "./suite.js";
import { withToken } from "./with-token.js";

/** The revisions of which the suite says what counts. */
const REVISIONS = ["2025-11-25", "2026-07-28"];

/** The protocol's own suite, against a server that is served as ours is. */
export async function mcpPart({ folder, signal }: ConformanceBench): Promise<PartResult> {
  const host = await hostOverHttp(fixtureServer);
  const proxy = await withToken(host.url, host.token);
  try {
    const suite = await Suite.install(folder, signal);
    const results: (RevisionResult & { readonly revision: string })[] = [];
    for (const revision of REVISIONS) results.push({ revision, ...(await suite.run(proxy.url, revision)) });
    const scored = results.flatMap((result) => result.scored);
    const passed = scored.filter(({ failures }) => failures.length === 0);
    const count = (name: string, value: number, target?: Metric["target"]): Metric => ({
      name: `conformance.mcp.${name}`,
      value,
      unit: "count",
      ...(target && { target }),
    });
    return {
      metrics: [
        count("passed", passed.length),
        count("failed", scored.length - passed.length, { atMost: 0 }),
        count("skipped", results.flatMap(({ unscored }) => unscored).length),
        count(
          "checks",
          scored.reduce((sum, { checks }) => sum + checks, 0),
        ),
      ],
      notes: results.flatMap(({ revision, scored: of, unscored }) => [
        `${revision}: ${of.filter(({ failures }) => failures.length === 0).length} of ${of.length} scored scenarios passed`,
        ...of.flatMap(({ name, failures }) =>
          failures.map((failure) => `failed: ${revision} ${name}: ${failure}`),
        ),
        ...unscored.map(({ name, reason }) => `skipped: ${revision} ${name}: not scored (${reason})`),
      ]),
    };
  } finally {
    await proxy.close();
    await host.close();
  }
}
