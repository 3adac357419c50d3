/** Something that this machine lacks, in one sentence that says how to get it. Tests that need it are skipped. */
export class Missing extends Error {
  override name = "Missing";
}
