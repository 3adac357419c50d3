/** What is wrong with a Parquet file, for a sentence: "the file " goes before it. */
export class BadParquet extends Error {}

/** Refuses the file. */
export function refuse(what: string): never {
  throw new BadParquet(what);
}
