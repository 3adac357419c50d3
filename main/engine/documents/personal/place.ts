import type { Found } from "./found.ts";
import type { FoundName } from "./names/found-names.ts";

/** A place, and for a name what it says about the person. */
export type Place = FoundName | (Found & { readonly mention?: undefined });
