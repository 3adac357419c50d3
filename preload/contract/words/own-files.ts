/** Files that Coppice writes itself, which cannot be downloaded again if they are damaged. */

const OWN_SECTIONS: ReadonlySet<string> = new Set([
  "journal",
  "checkpoint",
  "teacher",
  "database",
  "the home's place",
]);

/** Whether the damaged `section` of a `corrupt-file` belongs to a file that Coppice wrote and cannot recreate. */
export const isOwnSection = (section: string): boolean => OWN_SECTIONS.has(section);
