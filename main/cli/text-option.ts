import { InvalidArgumentError } from "commander";

/** A name or a path. A script that names a variable without a value gives an empty one, and an empty path is the working folder. */
export function textOption(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Enter a text that is not empty.");
}
