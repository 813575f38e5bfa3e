import type { EventId, EventStore, JSONRPCMessage, StreamId } from "@modelcontextprotocol/server";

/** So many messages can a client have missed. */
const MOST = 256;

/** The last messages of one session, for a client that was cut off and comes back. */
export class RecentEvents implements EventStore {
  /** Oldest first. */
  readonly #events = new Map<EventId, { readonly stream: StreamId; readonly message: JSONRPCMessage }>();
  #count = 0;

  async storeEvent(stream: StreamId, message: JSONRPCMessage): Promise<EventId> {
    this.#count += 1;
    const id = String(this.#count);
    this.#events.set(id, { stream, message });
    const [oldest] = this.#events.keys();
    if (this.#events.size > MOST && oldest !== undefined) this.#events.delete(oldest);
    return id;
  }

  async getStreamIdForEventId(id: EventId): Promise<StreamId | undefined> {
    return this.#events.get(id)?.stream;
  }

  /** Sends what came on the same stream behind one message. Throws when that is no longer known. */
  async replayEventsAfter(
    last: EventId,
    { send }: { send: (id: EventId, message: JSONRPCMessage) => Promise<void> },
  ): Promise<StreamId> {
    const stream = this.#events.get(last)?.stream;
    if (stream === undefined) throw new Error("These messages are no longer known.");
    let isBehind = false;
    for (const [id, event] of this.#events) {
      if (isBehind && event.stream === stream) await send(id, event.message);
      isBehind ||= id === last;
    }
    return stream;
  }
}
