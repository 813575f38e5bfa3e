// The thread that an HNSW graph lives in. It does one request after another, and ends with its owner.
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { Graph, type HnswLibrary } from "../drivers/hnsw/graph.js";
import type { GraphRequest, GraphSettings } from "../drivers/hnsw/protocol.js";

const settings = workerData as GraphSettings;
const library = createRequire(settings.library)(settings.library) as HnswLibrary;
const graph = new Graph(library, settings);
parentPort?.on("message", (request: GraphRequest) => parentPort?.postMessage(graph.answer(request)));
