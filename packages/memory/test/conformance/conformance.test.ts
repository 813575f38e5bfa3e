import { describe, test } from "vitest";
import {
  embedderConformance,
  extractorConformance,
  vectorIndexConformance,
} from "../../src/conformance/index.js";
import { ExactIndex, HashedEmbedder, RuleExtractor } from "../../src/index.js";

describe("HashedEmbedder", () => {
  for (const { name, run } of embedderConformance(() => new HashedEmbedder())) test(name, run);
});
describe("HashedEmbedder of 64", () => {
  for (const { name, run } of embedderConformance(() => new HashedEmbedder(64))) test(name, run);
});
describe("ExactIndex", () => {
  const make = (dimensions: number): ExactIndex => new ExactIndex(dimensions);
  for (const { name, run } of vectorIndexConformance(make)) test(name, run);
});
describe("RuleExtractor", () => {
  for (const { name, run } of extractorConformance(() => new RuleExtractor())) test(name, run);
});
