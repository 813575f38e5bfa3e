import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { MOST_MESSAGE_BYTES } from "./message-size.js";

/** A message that is as long as may be, and the beginning of the next. */
const BUFFER_BYTES = MOST_MESSAGE_BYTES + 1_048_576;

/** The standard input and output of this process, until one of them ends. */
export class StdioWire extends StdioServerTransport {
  readonly #closed: () => void;

  /** @param closed told when nothing is heard or answered any more, whoever closed it */
  constructor(closed: () => void) {
    super(process.stdin, process.stdout, { maxBufferSize: BUFFER_BYTES });
    this.#closed = closed;
  }

  override async close(): Promise<void> {
    await super.close();
    this.#closed();
  }
}
