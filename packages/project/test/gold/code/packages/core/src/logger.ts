/** One level of a {@link Logger}, in the shape of pino: fields first, then the message. */
export type LogMethod = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where AgentOS logs. A pino logger fits as it is. */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

/** Drops everything: the default. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
