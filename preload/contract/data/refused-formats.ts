/** Formats that people have and that are not read, because their programs save them in one that is. */
import { extensionOf } from "./data-files.ts";

export interface RefusedFormat {
  /** What a person calls a file of it. */
  readonly name: string;
  /** Those that only its files have, in lower case. */
  readonly extensions: readonly string[];
  /** The programs that open it. */
  readonly programs: string;
  /** The format to save it in. */
  readonly saveAs: string;
}

export const REFUSED_FORMATS = {
  oldPresentation: {
    name: "a presentation of PowerPoint 2003 or older",
    extensions: [".ppt", ".pps"],
    programs: "PowerPoint or LibreOffice",
    saveAs: "PPTX",
  },
  binaryWorkbook: {
    name: "a binary workbook (XLSB)",
    extensions: [".xlsb"],
    programs: "Excel or LibreOffice",
    saveAs: "XLSX",
  },
  xmlWorkbook: {
    name: "a workbook in Excel's XML of 2003",
    extensions: [],
    programs: "Excel or LibreOffice",
    saveAs: "XLSX",
  },
  flatOpenDocument: {
    name: "an OpenDocument file as one XML file",
    extensions: [".fodt", ".fods", ".fodp"],
    programs: "LibreOffice",
    saveAs: "ODT (ODS, ODP)",
  },
  oldWorkbook: {
    name: "a workbook of Excel 95 or older",
    extensions: [],
    programs: "Excel or LibreOffice",
    saveAs: "XLSX",
  },
  mailbox: {
    name: "a mailbox (mbox)",
    extensions: [".mbox"],
    programs: "a mail program",
    saveAs: "EML",
  },
  oldWord: {
    name: "a document of Word 95 or older",
    extensions: [],
    programs: "Word or LibreOffice",
    saveAs: "DOCX",
  },
} as const satisfies Record<string, RefusedFormat>;

/** Why a file of such a format is refused, and what to do. */
export const refusedText = ({ name, programs, saveAs }: RefusedFormat): string =>
  `it is ${name}; open it in ${programs} and save it as ${saveAs}`;

/** The refused format that a file's name indicates. */
export function refusedFormatOf(path: string): RefusedFormat | undefined {
  const extension = extensionOf(path);
  return Object.values<RefusedFormat>(REFUSED_FORMATS).find(({ extensions }) =>
    extensions.includes(extension),
  );
}
