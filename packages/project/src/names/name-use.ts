/** A name that is read, and where. */
export interface NameUse {
  readonly name: string;
  /** Offset of the read in UTF-16 units. */
  readonly offset: number;
}
