#!/usr/bin/env node
/**
 * `bench-verify`: measures whether verdicts are right, and how long they take. See `verify/README.md`.
 * @module
 */
import { main } from "./verify/main.js";

process.exitCode = await main(process.argv.slice(2));
