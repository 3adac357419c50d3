/** The data allowed in messages from the window: JSON's values, of limited size. */
import { fail } from "../native-models/failure.ts";

/** Far more than a draft with a hundred thousand paths needs, and far less than the available memory. */
const MOST_CHARACTERS = 16_000_000;
const MOST_VALUES = 1_000_000;
const DEEPEST = 64;

/**
 * Throws Failure `internal` for anything but plain data (a Map, bytes, a circular value), and for data that is nested too deeply or
 * too large; `what` names the data.
 */
export function refuseUnlessPlain(value: unknown, what: string): void {
  const refuse = (why: string) => fail({ code: "internal", message: `${what} is malformed: ${why}` });
  let characters = 0;
  let values = 0;
  const look = (found: unknown, depth: number): void => {
    if (++values > MOST_VALUES) refuse("it has too many values");
    if (typeof found === "string") characters += found.length;
    if (characters > MOST_CHARACTERS) refuse("it has too much text");
    if (typeof found !== "object" || found === null) return;
    if (depth === DEEPEST) refuse("it is nested too deeply");
    if (Array.isArray(found)) {
      for (let index = 0; index < found.length; index++) look(found[index], depth + 1);
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(found);
    if (prototype !== Object.prototype && prototype !== null)
      refuse("it contains something other than plain data");
    for (const [key, inside] of Object.entries(found)) {
      characters += key.length;
      look(inside, depth + 1);
    }
  };
  look(value, 0);
}
