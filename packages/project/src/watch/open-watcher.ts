import type { OpenFileWatcher } from "./file-watcher.js";
import { FolderWatcher } from "./folder-watcher.js";
import { packageWatcher, type WatcherPackage } from "./package-watcher.js";

/**
 * The way of watching that is right for the system. Linux watches folders, not trees; `@parcel/watcher` does not hear of what is made
 * at once with its folder there, and tells old paths after a folder was moved. Elsewhere it is used where it can be loaded.
 */
export const openFileWatcher: OpenFileWatcher = async (root, listener) => {
  const watcher = process.platform === "linux" ? undefined : await loadPackage();
  return watcher === undefined
    ? new FolderWatcher(root, listener)
    : await packageWatcher(watcher, root, listener);
};

async function loadPackage(): Promise<WatcherPackage | undefined> {
  try {
    return (await import("@parcel/watcher")).default;
  } catch {
    // There is no build of it for this system.
    return undefined;
  }
}
