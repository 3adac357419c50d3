/** Tables that are needed only to encode texts: built for the first text, before the time limit of a text starts. */

/** `prepare` builds the tables that the rest needs; without it they are built when they are first used. */
export type Prepared<T> = T & { prepare(): void };

/** The value of `make`, computed when it is first needed. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
