import { relative, sep } from "node:path";
import type { AsyncSubscription, SubscribeCallback } from "@parcel/watcher";
import type { FileWatcher, WatchListener } from "./file-watcher.js";

/** Folders whose changes are many and of no interest. */
const CUT = ["**/node_modules/**", "**/.agentos/**", "**/.git/**"];

/** What is used of `@parcel/watcher`. */
export interface WatcherPackage {
  subscribe(
    folder: string,
    listener: SubscribeCallback,
    options: { readonly ignore: string[] },
  ): Promise<AsyncSubscription>;
}

/** Watches a whole tree by `@parcel/watcher`, for systems that watch trees themselves. */
export async function packageWatcher(
  { subscribe }: WatcherPackage,
  root: string,
  listener: WatchListener,
): Promise<FileWatcher> {
  const subscription = await subscribe(
    root,
    (error, events) => {
      if (error !== null) listener.failed(error);
      for (const { path } of events ?? []) {
        const within = relative(root, path).split(sep).join("/");
        if (within === "") listener.lost("the root was changed itself");
        else listener.touched(within);
      }
    },
    { ignore: CUT },
  );
  return {
    enter() {},
    leave() {},
    heard: async () => false,
    close: () => subscription.unsubscribe(),
  };
}
