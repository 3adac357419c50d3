/** A command's output: sentences and a progress line for a person, or one JSON object per line for a program. */
import { createColors } from "picocolors";

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly output: Stream;
  readonly errors: Stream;
  readonly environment?: NodeJS.ProcessEnv;
}

export class Terminal {
  readonly json: boolean;
  /** Whether a person is watching: lines may be overwritten. */
  readonly live: boolean;
  readonly colours: ReturnType<typeof createColors>;
  readonly #output: Stream;
  readonly #errors: Stream;
  readonly #printable: (text: string) => string;
  #status = "";

  constructor({ json, output, errors, environment = process.env }: TerminalOptions) {
    this.json = json;
    this.#output = output;
    this.#errors = errors;
    this.live = !json && output.isTTY === true && environment.TERM !== "dumb";
    this.colours = createColors(this.live && environment.NO_COLOR === undefined);
    this.#printable = (text) => printable(text, this.colours.isColorSupported);
  }

  get columns(): number {
    return this.#output.columns || 80; // 0: a terminal that does not know its width
  }

  /** A line for a person. */
  say(line = ""): void {
    if (!this.json) this.#line(line);
  }

  /** Something a person should know before relying on a figure. */
  warn(sentence: string): void {
    this.say(`${this.colours.yellow("!")} ${sentence}`);
  }

  /** A piece of a line for a person: an answer as it is generated. A file or a program gets it unchanged. */
  stream(text: string): void {
    if (!this.json) this.#output.write(this.#output.isTTY === true ? this.#printable(text) : text);
  }

  /** A sentence for a person, on standard error because the output is for a program. */
  note(sentence: string): void {
    if (!this.json) this.#errors.write(`${this.#printable(sentence)}\n`);
  }

  /** An object for a program. */
  emit(event: object): void {
    if (this.json) this.#output.write(`${JSON.stringify(event)}\n`);
  }

  /** Shows a line that the next one overwrites; prints nothing if lines cannot be overwritten. */
  status(line: string): void {
    if (!this.live || line === this.#status) return;
    this.#status = line;
    this.#output.write(`\r\u001b[K${beginning(this.#printable(line), this.columns - 1)}`);
  }

  /** The reason for a failure, in one sentence. */
  fail(sentence: string): void {
    this.endStatus();
    this.#errors.write(`${this.#printable(sentence).replaceAll("\n", " ")}\n`);
  }

  endStatus(): void {
    if (this.#status !== "") this.#output.write("\r\u001b[K");
    this.#status = "";
  }

  #line(line: string): void {
    const status = this.#status;
    this.endStatus();
    this.#output.write(`${this.#printable(line)}\n`);
    this.status(status);
  }
}

/**
 * Text without anything that a terminal would obey (ECMA-48), or that would show it in another order (Unicode's bidirectional controls):
 * names of files, data and a model's answers may contain such characters, which are shown as in JSON. Our own colours stay.
 */
export function printable(text: string, hasColours = false): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(OBEYED, (found) =>
      found.length > 1 && hasColours ? found : escape(found[0]!) + found.slice(1),
    );
}

const OBEYED =
  // eslint-disable-next-line no-control-regex
  /\u001b\[(?:[12]|22|3[239])m|[\0-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** As much of a line as fits: one that continued on a second row could not be overwritten. Its colours still end. */
function beginning(line: string, columns: number): string {
  let left = columns;
  // eslint-disable-next-line no-control-regex
  return line.replace(/\u001b\[\d+m|./gsu, (part) => (part.length > 2 || left-- > 0 ? part : ""));
}
