/** FNV-1a over the UTF-16 code units of a text, from one place up to another: 32 bits, signed. */
export function fnv1a(text: string, start = 0, end: number = text.length): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
