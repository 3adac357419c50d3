/** A message of any format as blocks: its subject, then its text. */
import type { FileDetails } from "../../../preload/contract/inspection.ts";
import { BlockList } from "./block-list.ts";
import type { Block } from "./blocks.ts";
import { htmlBlocks } from "./html.ts";
import { paragraphsOf } from "./plain-text.ts";

export interface Message {
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly html: string | undefined;
  /** What is attached, by its name or its type. */
  readonly attachments: readonly string[];
}

const MOST_NAMES = 20;
const LONGEST_NAME = 80;

/** Its blocks: the text rather than the HTML, quoted lines as they are; empty if there is only a subject. */
export function messageBlocks({ subject, text, html }: Message): Block[] {
  const body = text === undefined || text.trim() === "" ? htmlBlocks(html ?? "") : [...paragraphsOf(text)];
  const list = new BlockList();
  if (body.length > 0) list.heading(1, subject ?? "");
  list.append(body);
  return list.blocks;
}

/** The names of its attachments, which are not read. */
export function messageDetails({ attachments }: Message): FileDetails {
  if (attachments.length === 0) return {};
  const names = attachments.slice(0, MOST_NAMES).map((name) => name.slice(0, LONGEST_NAME));
  return { attachments: { count: attachments.length, names } };
}
