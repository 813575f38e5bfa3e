import { describe, test } from "vitest";
import { embedderConformance, vectorIndexConformance } from "../../src/conformance/index.js";
import { ExactIndex, HashedEmbedder } from "../../src/index.js";

describe("HashedEmbedder", () => embedderConformance({ test, make: () => new HashedEmbedder() }));
describe("HashedEmbedder of 64", () => embedderConformance({ test, make: () => new HashedEmbedder(64) }));
describe("ExactIndex", () =>
  vectorIndexConformance({ test, make: (dimensions) => new ExactIndex(dimensions) }));
