#!/usr/bin/env node
/**
 * `bench-memory`: measures what the memory finds, and how fast. See `memory/README.md`.
 * @module
 */
import { main } from "./memory/main.js";

process.exitCode = await main(process.argv.slice(2));
