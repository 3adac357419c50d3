/** A command that ended early without a failure. Its message is a sentence for a person. */
export class Unfinished extends Error {
  readonly exitCode: number;

  /** `exitCode`: 128 and a signal's number if that stopped the command. */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
