/** Files that Coppice writes, and what helps where they are damaged. */

const OWN_SECTIONS: ReadonlySet<string> = new Set([
  "journal",
  "checkpoint",
  "teacher",
  "database",
  "the home's place",
]);

/** Whether a damaged part (`section` of a `corrupt-file`) is of a file that Coppice wrote and cannot make again: a download does not help. */
export const isOwnSection = (section: string): boolean => OWN_SECTIONS.has(section);
