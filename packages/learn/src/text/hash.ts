/** A 32-bit FNV-1a hash of a text, over UTF-16 units. Source: Fowler, Noll, Vo, draft-eastlake-fnv. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/** Joins two 32-bit hashes; order counts. The finaliser is MurmurHash3's (Appleby, public domain). */
export function mixHashes(left: number, right: number): number {
  let hash = Math.imul(left, 31) ^ right;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
