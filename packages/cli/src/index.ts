/**
 * The `agentos` command as a function, its errors and the shape of its configuration file.
 * @module
 */
export type { ConfigSource, ConfigValue, LoadedConfig } from "./config.js";
export { type Config, configSchema } from "./config-schema.js";
export { CLI_ERROR_CODES, type CliErrorCode, cliError, EXIT, exitCodeOf } from "./errors.js";
export type { TextStream } from "./output.js";
export { type RunEnvironment, runCli } from "./run.js";
