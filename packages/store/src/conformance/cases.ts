import { isAgentOSError } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";
import type { Store } from "../store.js";

/** The part of a Store that the suite works with: all that engines use. */
export type ConformingStore = Pick<
  Store,
  | "dir"
  | "sequence"
  | "collection"
  | "write"
  | "onChange"
  | "serve"
  | "call"
  | "snapshot"
  | "changes"
  | "compact"
  | "backup"
  | "close"
>;

/** Opens the store of a name. */
export type OpenStore = (name: string) => Promise<ConformingStore>;

/** Adds a case that works with an empty store. `again` closes it and opens it anew, `open` opens another one. */
export type WithStore = (
  name: string,
  run: (store: ConformingStore, again: () => Promise<ConformingStore>, open: OpenStore) => Promise<void>,
) => void;

/** Gathers cases, each with a store of its own that is closed however the case ends. */
export function caseGatherer(open: OpenStore, cases: ConformanceCase[]): WithStore {
  return (name, run) => {
    const folder = `conformance-${cases.length}`;
    const body = async (): Promise<void> => {
      let store = await open(folder);
      const again = async (): Promise<ConformingStore> => {
        await store.close();
        store = await open(folder);
        return store;
      };
      try {
        await run(store, again, open);
      } finally {
        await store.close();
      }
    };
    cases.push({ name, run: body });
  };
}

/** Whether an error has that code. */
export function coded(code: string): (error: unknown) => boolean {
  return (error) => isAgentOSError(error, code);
}
