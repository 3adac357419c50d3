/** What the parts of an Office document refer to (ECMA-376, part 2, 6.5). */
import { partAt } from "../files/archive-paths.ts";
import { decodeXml } from "./declared-encoding.ts";
import { elementsOf, parseXml } from "./markup.ts";
import type { ZipArchive } from "../files/zip.ts";

export interface Relation {
  readonly type: string;
  readonly part: string;
}

/** What a part refers to, by the identifiers that it uses. */
export function relationsOf(archive: ZipArchive, part: string): Map<string, Relation> {
  const name = part.replace(/([^/]*)$/, "_rels/$1.rels");
  if (!archive.has(name)) return new Map();
  const relations = elementsOf(parseXml(decodeXml(archive.read(name))), "Relationship");
  return new Map(
    relations.map(({ attributes }) => [
      attributes["Id"] ?? "",
      { type: attributes["Type"] ?? "", part: partAt(part, attributes["Target"] ?? "") },
    ]),
  );
}
