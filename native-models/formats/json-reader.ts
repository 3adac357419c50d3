/**
 * JSON of untrusted files, read field by field: nothing is built that was not asked for, and a name that comes twice in
 * an object is refused (JSON.parse hides it, and two readers then see two different files).
 */

const DEEPEST_SKIPPED = 16;

/** About twice the tensors of the largest models there are. */
const MOST_NAMES = 2 ** 18;

const WHOLE_NUMBER = /(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
const SCALAR = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

/** Reads one JSON text from its beginning. Whatever is not as asked for is told to `refuse`, which throws. */
export class JsonReader {
  readonly #text: string;
  readonly #refuse: (reason: string) => never;
  #at = 0;

  constructor(text: string, refuse: (reason: string) => never) {
    this.#text = text;
    this.#refuse = refuse;
  }

  /** An object. `field` gets each name and reads its value. */
  object(field: (name: string) => void): void {
    const names = new Set<string>();
    this.#list("{", "}", () => {
      const name = this.string();
      if (names.has(name)) this.#refuse(`the name ${JSON.stringify(name.slice(0, 100))} comes twice`);
      if (names.add(name).size > MOST_NAMES) this.#refuse(`an object has more than ${MOST_NAMES} names`);
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
    const text = this.#text;
    const start = this.#at;
    let escaped = false;
    for (let at = start; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) {
        this.#at = at + 1;
        return escaped ? this.#unescape(text.slice(start - 1, at + 1)) : text.slice(start, at);
      }
      if (unit < 0x20) break;
      if (unit === 0x5c) {
        escaped = true;
        at++;
      }
    }
    return this.#refuse(`the string at character ${start} does not end`);
  }

  /** A whole number that is not negative and that a double holds exactly. */
  integer(): number {
    const value = Number(this.#match(WHOLE_NUMBER) ?? NaN);
    if (!Number.isSafeInteger(value)) this.#refuse(`there is no whole number at character ${this.#at}`);
    return value;
  }

  /** Any value, which nobody wants. */
  skip(depth = 0): void {
    if (depth > DEEPEST_SKIPPED) this.#refuse(`it is nested more than ${DEEPEST_SKIPPED} deep`);
    switch (this.#peek()) {
      case "{":
        return this.object(() => this.skip(depth + 1));
      case "[":
        return this.array(() => this.skip(depth + 1));
      case '"':
        return void this.string();
    }
    if (this.#match(SCALAR) === undefined) this.#refuse(`there is no value at character ${this.#at}`);
  }

  /** The end of the text, which may follow spaces. */
  end(): void {
    if (this.#peek() !== "") this.#refuse(`something follows at character ${this.#at}`);
  }

  #list(open: string, close: string, item: () => void): void {
    this.#expect(open);
    if (this.#accept(close)) return;
    do item();
    while (this.#accept(","));
    this.#expect(close);
  }

  #unescape(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch {
      return this.#refuse(`the string before character ${this.#at} has a wrong escape`);
    }
  }

  /** What a sticky pattern matches here, and past it. */
  #match(pattern: RegExp): string | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) this.#refuse(`there is no ${character} at character ${this.#at}`);
  }

  #accept(character: string): boolean {
    const found = this.#peek() === character;
    if (found) this.#at++;
    return found;
  }

  #peek(): string {
    this.#skipSpace();
    return this.#text.charAt(this.#at);
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  }
}
