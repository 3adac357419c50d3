/** The personal data of all files together. */
import { PERSONAL_KINDS } from "../../../preload/contract/data/personal.ts";
import type { FoundKind } from "../../../preload/contract/data/personal.ts";
import type { InspectedFile } from "../../../preload/contract/data/inspection.ts";

const MOST_EXAMPLES = 3;

export interface PersonalInFiles {
  readonly kinds: readonly FoundKind[];
  /** Whether only the beginnings of some files were searched. */
  readonly isPart: boolean;
}

export function personalIn(files: readonly InspectedFile[]): PersonalInFiles {
  const found = files.flatMap(({ personal }) => personal?.kinds ?? []);
  const kinds = PERSONAL_KINDS.flatMap((kind): FoundKind[] => {
    const own = found.filter((one) => one.kind === kind);
    const places = own.reduce((sum, one) => sum + one.places, 0);
    const examples = own.flatMap((one) => one.examples).slice(0, MOST_EXAMPLES);
    return places === 0 ? [] : [{ kind, places, examples }];
  });
  const isPart = files.some(({ personal, characters }) => personal && personal.characters < characters);
  return { kinds, isPart };
}
