/** Every parser of what a person or a stranger brings. */
import { epub, odp, ods, odt, pptx, xlsx } from "./grammars/archives.ts";
import { gzip, zip } from "./grammars/container.ts";
import { csv, json, jsonLines } from "./grammars/data.ts";
import { doc } from "./grammars/doc.ts";
import { docx } from "./grammars/docx.ts";
import { gguf } from "./grammars/gguf.ts";
import { hub } from "./grammars/hub.ts";
import { markdown } from "./grammars/markdown.ts";
import { html, xml } from "./grammars/markup.ts";
import { eml, mhtml, msg } from "./grammars/messages.ts";
import { xls } from "./grammars/xls.ts";
import { parcel } from "./grammars/parcel.ts";
import { pdf } from "./grammars/pdf.ts";
import { picture } from "./grammars/picture.ts";
import { personal } from "./grammars/personal.ts";
import { rtf } from "./grammars/rtf.ts";
import { safetensors } from "./grammars/safetensors.ts";
import { text } from "./grammars/text.ts";
import { tokenizer } from "./grammars/tokenizer.ts";
import type { FuzzedParser } from "./parser.ts";

export const parsers: readonly FuzzedParser[] = [
  gguf,
  safetensors,
  parcel,
  tokenizer,
  jsonLines,
  json,
  csv,
  text,
  docx,
  doc,
  pdf,
  odt,
  epub,
  pptx,
  odp,
  xlsx,
  xls,
  ods,
  zip,
  gzip,
  picture,
  html,
  xml,
  markdown,
  rtf,
  eml,
  mhtml,
  msg,
  hub,
  personal,
];

/** The parser of a name. */
export function parserOf(name: string): FuzzedParser {
  const found = parsers.find((parser) => parser.name === name);
  if (!found) throw new Error(`No parser is called ${name}: ${parsers.map(({ name }) => name).join(", ")}.`);
  return found;
}
