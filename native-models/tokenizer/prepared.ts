/** Tables that only texts need: made when the first text comes, and not in the time that a text may take. */

/** `prepare` makes the tables that the rest needs; without it they are made when they are first used. */
export type Prepared<T> = T & { prepare(): void };

/** The value that `make` gives, made when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
