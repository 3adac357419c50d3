/** A command that ended early without a failure. Its message is a sentence for a person. */
export class Unfinished extends Error {}
