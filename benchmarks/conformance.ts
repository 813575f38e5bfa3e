#!/usr/bin/env node
/**
 * `bench-conformance`: runs the suites of others against AgentOS. See `conformance/README.md`.
 * @module
 */
import { main } from "./conformance/main.js";

process.exitCode = await main(process.argv.slice(2));
