#!/usr/bin/env node
/**
 * `bench-sandbox`: measures what a sandboxed verdict costs, and what holds. See `sandbox/README.md`.
 * @module
 */
import { main } from "./sandbox/main.js";

process.exitCode = await main(process.argv.slice(2));
