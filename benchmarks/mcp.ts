#!/usr/bin/env node
/**
 * `bench-mcp`: measures the MCP server. See `mcp/README.md`.
 * @module
 */
import { main } from "./mcp/main.js";

process.exitCode = await main(process.argv.slice(2));
