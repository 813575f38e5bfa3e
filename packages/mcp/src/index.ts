/**
 * AgentOS as an MCP server: {@link serveStdio} for one client, {@link serveHttp} for those of this machine, and
 * {@link planInstall} to tell a client of it.
 * @module
 */
export type { ClientName, ServerCommand } from "./clients/client.js";
export { applyInstall, type InstallOptions, type InstallPlan, planInstall } from "./clients/install.js";
export { MCP_ERROR_CODES, type McpErrorCode, mcpError } from "./errors.js";
export { isToken } from "./http/access.js";
export { type Host, type HostOptions, hostOverHttp } from "./http/host.js";
export { type HttpOptions, type HttpServer, serveHttp } from "./http/serve-http.js";
export type { ProjectOptions } from "./opened-project.js";
export type { RunningServer } from "./running-server.js";
export type { ServeOptions } from "./serve-options.js";
export { serveStdio } from "./serve-stdio.js";
