/** Makes the blocks of pages from the words on them: a PDF's own, or recognised ones. */
import type { Block } from "../blocks/blocks.ts";
import { withoutContents } from "./contents.ts";
import type { DirectedText } from "./page-content.ts";
import { blocksOf } from "./paragraphs.ts";
import { partsOf } from "./regions.ts";
import type { PagePart } from "./regions.ts";
import { withoutRunningLines, withoutStamps } from "./running-lines.ts";
import { segmentsOf } from "./segments.ts";

/**
 * The blocks of pages without headers, footers and watermarks, and these as `runningLines`; `pages`: the texts of each page, as in
 * `PageContent`.
 */
export function pageBlocks(pages: readonly (readonly DirectedText[])[]): {
  readonly blocks: Block[];
  readonly runningLines: string[];
} {
  const { pages: found, lines } = withoutRunningLines(
    pages.map(([first]) => (first ? segmentsOf(first) : [])),
  );
  const stamped = withoutStamps(pages.map(([, ...others]) => others.map(segmentsOf)));
  const main = withoutContents(found);
  const parts = pages.map(([first, ...others], index): PagePart[] => [
    ...partsOf(main[index]!, first?.rules ?? []),
    ...others.flatMap(({ rules }, direction) => partsOf(stamped.pages[index]![direction]!, rules)),
  ]);
  return { blocks: blocksOf(parts), runningLines: [...lines, ...stamped.lines] };
}
