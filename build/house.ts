/** A picture of the house: its folders as rooms, their imports as arrows, one Mermaid diagram per floor. */
import type { Import } from "./imports.ts";

/** The folders whose rooms are drawn, the house itself first. */
const FLOORS = ["", "main", "preload/contract", "native-models", "renderer"];

/** Names per line in a box that represents several files. */
const NAMES_A_LINE = 3;

/** The rooms of a folder by their labels, each with those that it imports. */
type Rooms = ReadonlyMap<string, ReadonlySet<string>>;

/** The diagrams of all floors that have rooms, as Markdown. */
export function houseOf(imports: readonly Import[]): string {
  return FLOORS.map((floor) => [floor, roomsOf(imports, floor)] as const)
    .filter(([, rooms]) => rooms.size > 0)
    .map(([floor, rooms]) => {
      const title = floor === "" ? "The house" : `\`${floor}/\``;
      return `**${title}**\n\n\`\`\`mermaid\n${diagramOf(withoutImplied(rooms))}\`\`\`\n`;
    })
    .join("\n");
}

/** A folder's folders and files; files that only use the folders share one room, files that are only used by them another. */
export function roomsOf(imports: readonly Import[], folder: string): Rooms {
  const start = folder === "" ? "" : `${folder}/`;
  const entries = new Map<string, Set<string>>();
  const files = new Set<string>();
  const entryOf = (path: string) => {
    const [name = "", ...inside] = path.slice(start.length).split("/");
    if (inside.length === 0) files.add(name);
    if (!entries.has(name)) entries.set(name, new Set());
    return name;
  };
  for (const { from, to } of imports) {
    if (!from.startsWith(start) || !to.startsWith(start)) continue;
    const [a, b] = [entryOf(from), entryOf(to)];
    if (a !== b) entries.get(a)!.add(b);
  }
  const isFolder = (name: string) => !files.has(name);
  const reached = new Map([...entries.keys()].map((name) => [name, reachedFrom(entries, name)]));
  const uses = (file: string) => [...reached.get(file)!].some(isFolder);
  const isUsed = (file: string) =>
    [...entries.keys()].some((name) => isFolder(name) && reached.get(name)!.has(file));
  const kinds = { "only uses": new Set<string>(), "is only used": new Set<string>() };
  for (const file of files)
    if (!(uses(file) && isUsed(file))) kinds[uses(file) ? "only uses" : "is only used"].add(file);
  const labelOf = (name: string) => {
    const group = Object.values(kinds).find((kind) => kind.has(name));
    return group ? inLines([...group].sort()) : isFolder(name) ? `${name}/` : name;
  };
  const rooms = new Map<string, Set<string>>();
  for (const [name, imported] of entries) {
    const label = labelOf(name);
    const all = rooms.get(label) ?? new Set();
    for (const other of imported) if (labelOf(other) !== label) all.add(labelOf(other));
    rooms.set(label, all);
  }
  return rooms;
}

/** Everything that a room imports, directly or through others. */
function reachedFrom(rooms: Rooms, start: string): Set<string> {
  const found = new Set<string>();
  const look = (name: string) => {
    for (const next of rooms.get(name) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      look(next);
    }
  };
  look(start);
  return found;
}

/** Without the arrows that a longer path already implies. */
export function withoutImplied(rooms: Rooms): Rooms {
  const reached = new Map([...rooms.keys()].map((name) => [name, reachedFrom(rooms, name)]));
  return new Map(
    [...rooms].map(([name, imported]) => {
      const direct = [...imported].filter(
        (to) => ![...imported].some((other) => other !== to && reached.get(other)!.has(to)),
      );
      return [name, new Set(direct)];
    }),
  );
}

function diagramOf(rooms: Rooms): string {
  const labels = [...rooms.keys()].sort();
  const boxes = labels.map((label) => `  ${idOf(label)}["${label}"]\n`);
  const arrows = labels.flatMap((label) =>
    [...rooms.get(label)!].sort().map((to) => `  ${idOf(label)} --> ${idOf(to)}\n`),
  );
  return `flowchart TB\n${[...boxes, ...arrows].join("")}`;
}

/** An id that is none of Mermaid's keywords: "graph/" → graph_; of several files, the first. */
function idOf(label: string): string {
  return label.replace(/[ <].*/, "").replace(/\W/g, "_");
}

function inLines(names: readonly string[]): string {
  return names
    .map(
      (name, index) => name + (index === names.length - 1 ? "" : (index + 1) % NAMES_A_LINE ? " " : "<br/>"),
    )
    .join("");
}
