/**
 * Reads JSON of untrusted files field by field: nothing is built that was not requested, and a duplicate name in an object is
 * refused (JSON.parse hides it, and two readers then see two different files).
 */

const DEEPEST_SKIPPED = 16;

/** About twice the number of tensors in the largest models. */
const MOST_NAMES = 2 ** 18;

const WHOLE_NUMBER = /^(?:0|[1-9][0-9]*)$/;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)$/;

const DIGITS = Array.from("0123456789");

/** No meaningful JSON number or word is longer. */
const LONGEST_SCALAR = 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const [QUOTE, BACKSLASH, ZERO, NINE, OBJECT, ARRAY] = [0x22, 0x5c, 0x30, 0x39, 0x7b, 0x5b];

/**
 * Reads one JSON text, UTF-8, from its start; only requested values become strings. Anything unexpected is reported to `refuse`,
 * which throws.
 */
export class JsonReader {
  readonly #bytes: Uint8Array;
  readonly #refuse: (reason: string) => never;
  #at = 0;

  constructor(bytes: Uint8Array, refuse: (reason: string) => never) {
    this.#bytes = bytes;
    this.#refuse = refuse;
  }

  /** An object. `field` gets each name and reads its value. */
  object(field: (name: string) => void): void {
    const names = new Set<string>();
    this.#list("{", "}", () => {
      const name = this.string();
      if (names.has(name)) this.#refuse(`the name ${JSON.stringify(name.slice(0, 100))} appears twice`);
      if (names.add(name).size > MOST_NAMES) this.#refuse(`an object has more than ${MOST_NAMES} keys`);
      this.#expect(":");
      field(name);
    });
  }

  /** An array. `element` reads each of its values. */
  array(element: () => void): void {
    this.#list("[", "]", element);
  }

  string(): string {
    this.#expect('"');
    const bytes = this.#bytes;
    const start = this.#at;
    let escaped = false;
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.#at = at + 1;
        return escaped ? this.#unescape(this.#decode(start - 1, at + 1)) : this.#decode(start, at);
      }
      if (byte < 0x20) break;
      if (byte === BACKSLASH) {
        escaped = true;
        at++;
      }
    }
    return this.#refuse(`the string at byte ${start} is not closed`);
  }

  /** A non-negative integer that a double holds exactly. */
  integer(): number {
    const value = Number(this.#scalar(WHOLE_NUMBER) ?? NaN);
    if (!Number.isSafeInteger(value)) this.#refuse(`expected an integer at byte ${this.#at}`);
    return value;
  }

  /** Skips any value. */
  skip(depth = 0): void {
    if (depth > DEEPEST_SKIPPED) this.#refuse(`it is nested more than ${DEEPEST_SKIPPED} deep`);
    switch (this.#peek()) {
      case OBJECT:
        return this.object(() => this.skip(depth + 1));
      case ARRAY:
        return this.array(() => this.skip(depth + 1));
      case QUOTE:
        return void this.string();
    }
    if (this.#scalar(SCALAR) === undefined) this.#refuse(`expected a value at byte ${this.#at}`);
  }

  /** The end of the text, possibly after spaces. */
  end(): void {
    if (this.#peek() !== undefined) this.#refuse(`extra content at byte ${this.#at}`);
  }

  #list(open: string, close: string, item: () => void): void {
    this.#expect(open);
    if (this.#accept(close)) return;
    do item();
    while (this.#accept(","));
    this.#expect(close);
  }

  #decode(start: number, end: number): string {
    try {
      return utf8.decode(this.#bytes.subarray(start, end));
    } catch {
      return this.#refuse("it is not UTF-8");
    }
  }

  #unescape(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch {
      return this.#refuse(`the string before byte ${this.#at} has an invalid escape`);
    }
  }

  /** Consumes the next word or number if it has the requested form. */
  #scalar(form: RegExp): string | undefined {
    this.#skipSpace();
    const bytes = this.#bytes;
    const start = this.#at;
    let end = start;
    while (isOfScalar(bytes[end]) && end - start < LONGEST_SCALAR) end++;
    const digit = end === start + 1 && bytes[start]! >= ZERO && bytes[start]! <= NINE; // what long lists are made of
    const found = digit ? DIGITS[bytes[start]! - ZERO]! : String.fromCharCode(...bytes.subarray(start, end));
    if (!digit && !form.test(found)) return undefined;
    this.#at = end;
    return found;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) this.#refuse(`expected ${character} at byte ${this.#at}`);
  }

  #accept(character: string): boolean {
    const found = this.#peek() === character.charCodeAt(0);
    if (found) this.#at++;
    return found;
  }

  /** The next byte that is not a space; undefined at the end. */
  #peek(): number | undefined {
    this.#skipSpace();
    return this.#bytes[this.#at];
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    }
  }
}

/** Whether a byte can be part of a number or of a word. */
const isOfScalar = (byte: number | undefined) =>
  byte !== undefined &&
  ((byte >= ZERO && byte <= NINE) ||
    (byte >= 0x61 && byte <= 0x7a) || // a–z
    byte === 0x45 || // E
    byte === 0x2b || // +
    byte === 0x2d || // -
    byte === 0x2e); // .
