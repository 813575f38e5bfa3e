import { inspect } from "node:util";
import { isAgentOSError, type Logger } from "@agentos/core";

/** Tells a person of warnings and errors, for commands that go on working after them. */
export function toldLogger(tell: (line: string) => void): Logger {
  return {
    debug() {},
    info() {},
    warn: (fields, message) => tell(lineOf("warning", message, fields, messageOf)),
    // A fault of ours: where it is as well.
    error: (fields, message) =>
      tell(lineOf("error", message, fields, (error) => error.stack ?? error.message)),
  };
}

function lineOf(
  level: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
  written: (error: Error) => string,
): string {
  const all = Object.entries(fields).map(([name, value]) =>
    value instanceof Error
      ? `${name}=${isAgentOSError(value) ? messageOf(value) : written(value)}`
      : `${name}=${inspect(value, { breakLength: Number.POSITIVE_INFINITY })}`,
  );
  return [`${level}: ${message}`, ...all].join(" ");
}

function messageOf(error: Error): string {
  return isAgentOSError(error) ? `${error.code}: ${error.message}` : error.message;
}
