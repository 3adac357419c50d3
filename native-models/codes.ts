/** What a program says as data: a code, with the fields that its sentence needs. Words for codes are in preload/contract/words and renderer/messages. */
import { z } from "zod";

/** Everything that `Codes` declares: by code, the fields, or null if it has none. */
export type Said<Codes> = {
  [C in keyof Codes & string]: Codes[C] extends null ? C : { readonly code: C } & Readonly<Codes[C]>;
}[keyof Codes & string];

/** The words for all codes in one language. */
export type WordsFor<Codes> = {
  readonly [C in keyof Codes]: Codes[C] extends null ? string : (fields: Codes[C]) => string;
};

/** The codes and fields that words declare. */
export type CodesOf<Words> = {
  [C in keyof Words]: Words[C] extends (fields: infer Fields) => string ? Fields : null;
};

/** The code of what is said. */
export const codeOf = (said: unknown): string =>
  typeof said === "string" ? said : String((said as { code?: unknown } | null)?.code);

/** What is said, in the words of a language; the code alone if another version of the program said it. */
export function inWords<Codes>(words: WordsFor<Codes>, said: Said<Codes>): string {
  const code = codeOf(said);
  const text = words[code as keyof Codes] as string | ((fields: unknown) => string) | undefined;
  return typeof text === "function" ? text(said) : (text ?? code);
}

/** Only TypeScript knows the fields, since whoever says something is a part of this program. */
export const said = <Codes>(): z.ZodType<Said<Codes>> =>
  z.custom<Said<Codes>>((value) => codeOf(value) !== "undefined");
