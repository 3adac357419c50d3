/** Hand-made compound files, such as Outlook messages and old Office files. */

/** Streams by their path, such as "1Table" or "__attach_version1.0_#00000000/__substg1.0_3707001F". */
export type Streams = Readonly<Record<string, Buffer>>;

const SECTOR = 512;
const MINI = 64;
const [FREE, END, TABLE, NONE] = [0xffffffff, 0xfffffffe, 0xfffffffd, 0xffffffff];
const SMALLEST_BIG = 4096;

interface Node {
  readonly name: string;
  readonly type: 1 | 2 | 5;
  readonly content: Buffer;
  readonly children: number[];
}

export const unicode = (text: string) => Buffer.from(text, "utf16le");

/** A compound file with these streams. */
export function compoundBytes(streams: Streams): Buffer {
  const nodes = nodesOf(streams);
  const miniStarts = new Map<Node, number>();
  const mini: Buffer[] = [];
  const miniTable: number[] = [];
  const sectors: Buffer[] = [];
  const table: number[] = [];
  const put = (content: Buffer): number => {
    const start = sectors.length;
    for (let at = 0; at < content.length; at += SECTOR) {
      const sector = Buffer.alloc(SECTOR);
      content.copy(sector, 0, at);
      sectors.push(sector);
      table.push(at + SECTOR < content.length ? sectors.length : END);
    }
    return content.length === 0 ? END : start;
  };
  for (const node of nodes.filter(({ type, content }) => type === 2 && content.length < SMALLEST_BIG)) {
    miniStarts.set(node, miniTable.length);
    const count = Math.ceil(node.content.length / MINI);
    for (let i = 0; i < count; i++) miniTable.push(i + 1 < count ? miniTable.length + 1 : END);
    mini.push(Buffer.concat([node.content, Buffer.alloc(count * MINI - node.content.length)]));
  }
  const big = new Map(nodes.filter((node) => !miniStarts.has(node)).map((node) => [node, put(node.content)]));
  const miniStream = Buffer.concat(mini);
  const rootStart = put(miniStream);
  const miniTableStart = put(numbers(miniTable));
  const directory = nodes.map((node) => entryOf(nodes, node, miniStarts.get(node) ?? big.get(node) ?? END));
  directory[0]!.writeUInt32LE(rootStart, 116);
  directory[0]!.writeUInt32LE(miniStream.length, 120);
  const directoryStart = put(Buffer.concat(directory));
  const tableSectors = Math.ceil((table.length + 8) / (SECTOR / 4));
  const tableStart = sectors.length;
  for (let i = 0; i < tableSectors; i++) table.push(TABLE);
  while (table.length % (SECTOR / 4) !== 0) table.push(FREE);
  const header = headerOf(directoryStart, miniTableStart, tableStart, tableSectors);
  return Buffer.concat([header, ...sectors, numbers(table)]);
}

function headerOf(directory: number, miniTable: number, table: number, tableSectors: number): Buffer {
  const header = Buffer.alloc(SECTOR);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(header);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(tableSectors, 44);
  header.writeUInt32LE(directory, 48);
  header.writeUInt32LE(SMALLEST_BIG, 56);
  header.writeUInt32LE(miniTable, 60);
  header.writeUInt32LE(END, 68);
  for (let i = 0; i < 109; i++) header.writeUInt32LE(i < tableSectors ? table + i : FREE, 76 + 4 * i);
  return header;
}

function nodesOf(streams: Streams): Node[] {
  const nodes: Node[] = [{ name: "Root Entry", type: 5, content: Buffer.alloc(0), children: [] }];
  for (const [path, content] of Object.entries(streams)) {
    let parent = nodes[0]!;
    const names = path.split("/");
    for (const [depth, name] of names.entries()) {
      const known = parent.children.find((child) => nodes[child]!.name === name);
      if (known === undefined) {
        const isStream = depth === names.length - 1;
        parent.children.push(nodes.length);
        nodes.push({
          name,
          type: isStream ? 2 : 1,
          content: isStream ? content : Buffer.alloc(0),
          children: [],
        });
      }
      parent = nodes[known ?? nodes.length - 1]!;
    }
  }
  return nodes;
}

/** Siblings form a tree; here each is to the right of the one before. */
function entryOf(nodes: readonly Node[], node: Node, start: number): Buffer {
  const entry = Buffer.alloc(128);
  const name = unicode(node.name);
  name.copy(entry, 0, 0, 62);
  entry.writeUInt16LE(name.length + 2, 64);
  entry[66] = node.type;
  const parent = nodes.find(({ children }) => children.includes(nodes.indexOf(node)));
  const next = parent?.children[parent.children.indexOf(nodes.indexOf(node)) + 1];
  entry.writeUInt32LE(NONE, 68);
  entry.writeUInt32LE(next ?? NONE, 72);
  entry.writeUInt32LE(node.children[0] ?? NONE, 76);
  entry.writeUInt32LE(start, 116);
  entry.writeUInt32LE(node.content.length, 120);
  return entry;
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, 4 * i);
  return bytes;
}
