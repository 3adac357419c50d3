/** The fields of a paragraph: an instruction, and its result, which alone is shown ([MS-DOC] 2.8.25). */

const [START, RESULT, END] = ["\x13", "\x14", "\x15"];

export class Fields {
  /** For each open field, whether its result has begun. */
  readonly #open: boolean[] = [];
  #instructions = 0;

  /** Whether a character is the mark of a field, which begins, changes or ends one. */
  track(character: string): boolean {
    const last = this.#open.length - 1;
    if (character === START) {
      this.#open.push(false);
      this.#instructions++;
    } else if (character === RESULT) {
      if (this.#open[last] === false) this.#instructions--;
      if (last >= 0) this.#open[last] = true;
    } else if (character === END) {
      if (this.#open.pop() === false) this.#instructions--;
    } else return false;
    return true;
  }

  /** Whether text is part of an instruction, of any of the open fields. */
  get isInInstruction(): boolean {
    return this.#instructions > 0;
  }

  /** Whether a field that is shown where its instruction is would be part of another one's instruction. */
  get isInNestedInstruction(): boolean {
    return this.#instructions > (this.#open[this.#open.length - 1] === false ? 1 : 0);
  }
}
