// A thread that parses. It answers one question after another, and ends with its owner.
import { parentPort, workerData } from "node:worker_threads";
import type { ParserSettings } from "../drivers/pool/protocol.js";
import { serveParser } from "../drivers/pool/serve-parser.js";

if (parentPort !== null) await serveParser(parentPort, workerData as ParserSettings);
