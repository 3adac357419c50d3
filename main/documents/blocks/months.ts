/** The names of the months, from January on. */
export const ENGLISH_MONTHS: readonly string[] =
  "January February March April May June July August September October November December".split(" ");
export const GERMAN_MONTHS: readonly string[] =
  "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" ");
/** What January and February are called in Austria. */
export const AUSTRIAN_MONTHS: readonly string[] = ["Jänner", "Feber"];
