/** Why a JSON schema cannot limit answers: by the place in it, and by name. */
import { fail } from "../../failure.ts";
import type { SchemaProblem } from "../../failure.ts";

/** Throws `unsupported-schema`. `place` is a JSON pointer; `keyword` what it is about. */
export function refuse(place: string, keyword: string, problem: SchemaProblem): never {
  return fail({ code: "unsupported-schema", place, keyword, problem });
}
