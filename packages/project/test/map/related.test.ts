import { expect, test } from "vitest";
import { ImportGraph } from "../../src/graph/import-graph.js";
import type { PastCommit } from "../../src/history/past.js";
import { fileGraph } from "../../src/map/file-graph.js";
import { relatedFiles } from "../../src/map/related.js";
import { record, symbol } from "./record.js";

const past = (...commits: readonly (readonly string[])[]): readonly PastCommit[] =>
  commits.map((paths) => ({ time: 0, terms: new Set<string>(), paths }));

test("imports, names and commits each are a reason", () => {
  const records = [
    record("cart.ts", {
      symbols: [symbol("total", 1)],
      imports: [{ specifier: "./price.js" }],
      uses: { price: 1 },
    }),
    record("price.ts", { symbols: [symbol("price", 1)] }),
    record("shop.ts", { imports: [{ specifier: "./cart.js" }], uses: { total: 2 } }),
    record("style.css", { dialect: undefined }),
    record("alone.ts"),
  ];
  const imports = new ImportGraph(records);
  const commits = past(["cart.ts", "style.css"], ["cart.ts", "gone.ts"], ["alone.ts"]);
  const exists = (path: string): boolean => records.some((each) => each.path === path);
  const found = relatedFiles("cart.ts", imports, fileGraph(records, imports), commits, exists);
  expect(found.map(({ path, reasons }) => [path, reasons])).toEqual([
    ["price.ts", [{ kind: "imports" }, { kind: "uses", names: ["price"] }]],
    ["shop.ts", [{ kind: "imported-by" }, { kind: "used-by", names: ["total"] }]],
    ["style.css", [{ kind: "changed-together", commits: 1 }]],
  ]);
  // 1 - (1 - 0.4)(1 - 0.4); and 0.8 of the cosine 1 / √(2 · 1).
  expect(found[0]?.score).toBeCloseTo(0.64, 9);
  expect(found[2]?.score).toBeCloseTo(0.8 / Math.SQRT2, 9);
});
