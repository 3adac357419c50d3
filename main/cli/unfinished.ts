/** A command that ended before it was done, though nothing failed. Its message is a sentence for a person. */
export class Unfinished extends Error {}
