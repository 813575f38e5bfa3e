#!/usr/bin/env node
/**
 * `bench-project`: measures what the index of a project finds. See `project/README.md`.
 * @module
 */
import { main } from "./project/main.js";

process.exitCode = await main(process.argv.slice(2));
