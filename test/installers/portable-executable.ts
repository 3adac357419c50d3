/** What a Windows binary says of itself (Microsoft's "PE Format"). */

export interface PortableExecutable {
  /** 0x8664 is x64. */
  readonly machine: number;
  /** Libraries that it cannot start without, in small letters. */
  readonly imports: readonly string[];
  /** Libraries that are looked for when a function of theirs is first called. */
  readonly delayed: readonly string[];
}

const PE32_PLUS = 0x20b;
const directories = {
  imports: { index: 1, entryBytes: 20, nameAt: 12 },
  delayed: { index: 13, entryBytes: 32, nameAt: 4 },
} as const;

interface Section {
  readonly address: number;
  readonly bytes: number;
  readonly offset: number;
}

/** Reads `file`; null if it is not a Windows binary. */
export function readPortableExecutable(file: Buffer): PortableExecutable | null {
  if (file.length < 0x40 || file.toString("latin1", 0, 2) !== "MZ") return null;
  const signature = file.readUInt32LE(0x3c);
  if (file.toString("latin1", signature, signature + 4) !== "PE\0\0") return null;
  const coff = signature + 4;
  const optional = coff + 20;
  const table = optional + (file.readUInt16LE(optional) === PE32_PLUS ? 112 : 96);
  const sections = sectionsOf(file, coff);

  const libraries = ({ index, entryBytes, nameAt }: (typeof directories)["imports" | "delayed"]) => {
    const address = file.readUInt32LE(table + 8 * index);
    if (address === 0) return [];
    const names: string[] = [];
    for (let entry = offsetOf(address, sections); ; entry += entryBytes) {
      const name = file.readUInt32LE(entry + nameAt);
      if (name === 0) return names;
      const start = offsetOf(name, sections);
      names.push(file.toString("latin1", start, file.indexOf(0, start)).toLowerCase());
    }
  };
  return {
    machine: file.readUInt16LE(coff),
    imports: libraries(directories.imports),
    delayed: libraries(directories.delayed),
  };
}

function sectionsOf(file: Buffer, coff: number): Section[] {
  const first = coff + 20 + file.readUInt16LE(coff + 16);
  return Array.from({ length: file.readUInt16LE(coff + 2) }, (_, index) => {
    const section = first + 40 * index;
    return {
      address: file.readUInt32LE(section + 12),
      bytes: Math.max(file.readUInt32LE(section + 8), file.readUInt32LE(section + 16)),
      offset: file.readUInt32LE(section + 20),
    };
  });
}

/** The file offset of what is loaded at `address`. */
function offsetOf(address: number, sections: readonly Section[]): number {
  const section = sections.find((one) => address >= one.address && address < one.address + one.bytes);
  if (!section) throw new Error(`no section at ${address}`);
  return address - section.address + section.offset;
}
