/** Refuses a JSON schema that cannot limit answers, naming the place in it and the keyword. */
import { fail } from "../../failure.ts";
import type { SchemaProblem } from "../../failure.ts";
import { TooLarge } from "../regular/dfa.ts";
import { UnsupportedPattern } from "../regular/pattern.ts";

/** Throws `unsupported-schema`. `place` is a JSON pointer; `keyword` what it is about. */
export function refuse(place: string, keyword: string, problem: SchemaProblem): never {
  return fail({ code: "unsupported-schema", place, keyword, problem });
}

/** What `make` makes of a pattern, or of another keyword; refuses automata that are too large and patterns that no automaton expresses. */
export function refusing<Value>(place: string, keyword: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (error instanceof TooLarge) return refuse(place, keyword, "too-large");
    if (error instanceof UnsupportedPattern) return refuse(place, keyword, "pattern");
    throw error;
  }
}
