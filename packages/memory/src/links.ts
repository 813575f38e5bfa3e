import type { Collection, Store, WriteOperation } from "@agentos/store";

/** How one memory stands to another. */
export const LINK_TYPES = [
  "relates",
  "causes",
  "fixes",
  "supersedes",
  "contradicts",
  "derived-from",
  "mentions",
] as const;

/** One of {@link LINK_TYPES}. */
export type LinkType = (typeof LINK_TYPES)[number];

/** A typed link from one memory to another. */
export interface MemoryLink {
  readonly from: string;
  readonly type: LinkType;
  readonly to: string;
}

/** Which links are followed. */
export interface LinkOptions {
  /** `out`: from the memory to others; `in`: from others to it. @default "both" */
  readonly direction?: "out" | "in" | "both";
  /** @default all types */
  readonly types?: readonly LinkType[];
}

/** Links between memories, found from both ends. */
export class Links {
  readonly #out: Collection<MemoryLink>;
  readonly #in: Collection<MemoryLink>;

  constructor(store: Store) {
    this.#out = store.collection("memory.links");
    this.#in = store.collection("memory.backlinks");
  }

  put(link: MemoryLink): readonly WriteOperation[] {
    const { from, type, to } = link;
    return [this.#out.put(keyOf(from, type, to), link), this.#in.put(keyOf(to, type, from), link)];
  }

  delete({ from, type, to }: MemoryLink): readonly WriteOperation[] {
    return [this.#out.delete(keyOf(from, type, to)), this.#in.delete(keyOf(to, type, from))];
  }

  async has({ from, type, to }: MemoryLink): Promise<boolean> {
    return (await this.#out.get(keyOf(from, type, to))) !== undefined;
  }

  /** The links of one memory, those that lead away first. */
  async of(id: string, options: LinkOptions = {}): Promise<readonly MemoryLink[]> {
    const { direction = "both", types } = options;
    const links: MemoryLink[] = [];
    const read = async (side: Collection<MemoryLink>): Promise<void> => {
      for await (const [, link] of side.entries({ prefix: `${id}\u0001` }))
        if (types?.includes(link.type) ?? true) links.push(link);
    };
    if (direction !== "in") await read(this.#out);
    if (direction !== "out") await read(this.#in);
    return links;
  }

  /** Every link, by the memory that it leads from. */
  async *all(): AsyncGenerator<MemoryLink> {
    for await (const [, link] of this.#out.entries()) yield link;
  }
}

function keyOf(id: string, type: LinkType, other: string): string {
  return `${id}\u0001${type}\u0001${other}`;
}
