/** Names of files and folders on every system. */

/** File systems limit a name to 255 bytes; the name of a file adds its type to that, and while it is written, more. */
const MOST_NAME_BYTES = 150;

/** Whether Windows reserves a name for a device, whatever its extension. */
export const isReservedName = (name: string): boolean => /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);

/**
 * A person's name for something as the name of its file or folder: as long as file systems allow, without `unwanted` characters, and
 * without spaces and dots at its ends, with which Windows' own programs cannot open it. `kind` stands for a name of which nothing is left.
 */
export function fileName(name: string, unwanted: RegExp, kind: string): string {
  let start = "";
  for (const character of name.replace(unwanted, "-")) {
    if (Buffer.byteLength(start + character) > MOST_NAME_BYTES) break;
    start += character;
  }
  const plain = start.replace(/^[-. ]+|[-. ]+$/g, "");
  if (plain === "") return kind;
  return isReservedName(plain) ? `${kind}-${plain}` : plain;
}
