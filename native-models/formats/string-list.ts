/** Texts as UTF-8 in one array: a vocabulary has hundreds of thousands, of which few are ever looked at. */
export class StringList implements Iterable<string> {
  readonly length: number;
  /** Text i: from `starts[i]` up to `ends[i]`. */
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array) {
    this.length = starts.length;
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  static of(texts: readonly string[]): StringList {
    const parts = texts.map((text) => Buffer.from(text, "utf8"));
    const ends = new Uint32Array(texts.length);
    let end = 0;
    parts.forEach((part, index) => (ends[index] = end += part.length));
    const starts = ends.map((after, index) => after - parts[index]!.length);
    return new StringList(new Uint8Array(Buffer.concat(parts)), starts, ends);
  }

  /** A text; bytes that are not UTF-8 become U+FFFD. Undefined if there are not as many. */
  at(index: number): string | undefined {
    const [start, end] = [this.starts[index], this.ends[index]];
    return start === undefined ? undefined : this.#buffer.toString("utf8", start, end);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }
}

/** A value as a list of texts; null if it is something else. */
export function stringsOf(value: unknown): StringList | null {
  if (value instanceof StringList) return value;
  const isList = Array.isArray(value) && value.every((entry) => typeof entry === "string");
  return isList ? StringList.of(value as string[]) : null;
}
