import { expect, test } from "vitest";
import type { FileRecord } from "../../src/files/file-record.js";
import { ImportGraph } from "../../src/graph/import-graph.js";
import type { PastCommit } from "../../src/history/past.js";
import { fileGraph } from "../../src/map/file-graph.js";
import { type MapFocus, rankFiles } from "../../src/map/rank-files.js";
import { record, symbol } from "./record.js";

const RECORDS: readonly FileRecord[] = [
  record("src/cart.ts", { symbols: [symbol("addItem", 1)], uses: { formatPrice: 1 } }),
  record("src/price.ts", { symbols: [symbol("formatPrice", 1)] }),
  record("src/user.ts", { symbols: [symbol("login", 1)] }),
  record("test/user.test.ts", { symbols: [symbol("loginHelper", 1)] }),
  record("src/user_pb.ts", { symbols: [symbol("decode", 1)] }),
  record("vendor/user.ts", { symbols: [symbol("login", 1)] }),
  record("src/stock.ts", { symbols: [symbol("count", 1)] }),
];

function order(focus: Partial<MapFocus>, past: readonly PastCommit[] = []): readonly string[] {
  const graph = fileGraph(RECORDS, new ImportGraph(RECORDS));
  const rank = rankFiles(graph, { task: "", open: [], changed: [], names: [], ...focus }, past);
  return graph.records
    .map(({ path }, node) => ({ path, score: rank[node] ?? 0 }))
    .sort((one, other) => other.score - one.score)
    .map(({ path }) => path);
}

test("words, paths and names of a task lead to their files", () => {
  expect(order({ task: "adding an item to the cart twice" })[0]).toBe("src/cart.ts");
  expect(order({ task: "see stock.ts" })[0]).toBe("src/stock.ts");
  expect(order({ task: "`count` is wrong" })[0]).toBe("src/stock.ts");
  expect(order({ names: ["count"] })[0]).toBe("src/stock.ts");
  expect(order({ changed: ["src/stock.ts"] })[0]).toBe("src/stock.ts");
});

test("from an open file the rank flows to what it uses", () => {
  expect(
    order({ open: ["src/cart.ts"] })
      .slice(0, 2)
      .sort(),
  ).toEqual(["src/cart.ts", "src/price.ts"]);
});

test("tests and what is carried along come after, but for tests when they are the task", () => {
  const plain = order({ task: "the user cannot log in" });
  expect(plain[0]).toBe("src/user.ts");
  expect(plain.indexOf("vendor/user.ts")).toBeGreaterThan(plain.indexOf("test/user.test.ts"));
  expect(order({ task: "loginHelper of the tests" })[0]).toBe("test/user.test.ts");
});

test("what commits of like messages touched, and what changes together, comes up", () => {
  const past: readonly PastCommit[] = [
    { time: 0, terms: new Set(["discount", "round"]), paths: ["src/price.ts"] },
    { time: 0, terms: new Set(["other"]), paths: ["src/stock.ts", "src/user.ts"] },
  ];
  expect(order({ task: "rounding of the discount" }, past)[0]).toBe("src/price.ts");
  expect(order({ changed: ["src/user.ts"] }, past)[1]).toBe("src/stock.ts");
});
