/** Formats that people have and that are not read, because their programs save them in one that is. */
import type { RefusedFormatName } from "../failures/bad-data.ts";
import { extensionOf } from "./data-files.ts";

interface RefusedFormat {
  /** Those that only its files have, in lower case. */
  readonly extensions: readonly string[];
  /** The programs that open it; none by name if every mail program does. */
  readonly programs: readonly string[];
  /** The format to save it in. */
  readonly saveAs: string;
}

export const REFUSED_FORMATS = {
  oldPresentation: {
    extensions: [".ppt", ".pps"],
    programs: ["PowerPoint", "LibreOffice"],
    saveAs: "PPTX",
  },
  binaryWorkbook: {
    extensions: [".xlsb"],
    programs: ["Excel", "LibreOffice"],
    saveAs: "XLSX",
  },
  xmlWorkbook: {
    extensions: [],
    programs: ["Excel", "LibreOffice"],
    saveAs: "XLSX",
  },
  flatOpenDocument: {
    extensions: [".fodt", ".fods", ".fodp"],
    programs: ["LibreOffice"],
    saveAs: "ODT (ODS, ODP)",
  },
  oldWorkbook: {
    extensions: [],
    programs: ["Excel", "LibreOffice"],
    saveAs: "XLSX",
  },
  mailbox: {
    extensions: [".mbox"],
    programs: [],
    saveAs: "EML",
  },
  oldWord: {
    extensions: [],
    programs: ["Word", "LibreOffice"],
    saveAs: "DOCX",
  },
} as const satisfies Record<RefusedFormatName, RefusedFormat>;

/** The refused format that a file's name indicates. */
export function refusedFormatOf(path: string): RefusedFormatName | undefined {
  const extension = extensionOf(path);
  const names = Object.keys(REFUSED_FORMATS) as RefusedFormatName[];
  return names.find((name) => (REFUSED_FORMATS[name] as RefusedFormat).extensions.includes(extension));
}
