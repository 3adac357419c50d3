/** Which test files start first, so that no worker runs a long one alone at the end. */

/** `files`, those whose paths end in `names` first, in the order of `names`; the others stay as they are. */
export function firstOnes<File>(
  names: readonly string[],
  files: readonly File[],
  pathOf: (file: File) => string,
): File[] {
  const place = (file: File) => {
    const index = names.findIndex((name) => pathOf(file).endsWith(`/${name}`));
    return index < 0 ? names.length : index;
  };
  return [...files].sort((a, b) => place(a) - place(b));
}
