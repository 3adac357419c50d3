/** A problem with a Parquet file, as text that follows "the file ". */
export class BadParquet extends Error {}

/** Refuses the file. */
export function refuse(what: string): never {
  throw new BadParquet(what);
}
