import { createRequire } from "node:module";

const manifest = createRequire(import.meta.url)("@agentos/mcp/package.json") as { readonly version: string };

/** The package's version. */
export const VERSION: string = manifest.version;
