/** How fast data of any size is read, and how little memory that takes. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark, Context, Row, Size } from "./harness/benchmark.ts";
import { bestCall } from "./harness/sides.ts";
import { writeDocuments, writeRows } from "./written-data.ts";

/** What test/lab/bench/coppice/read-data.ts exports: `export const open: OpenReadData`. Both methods return the number of rows. */
export type OpenReadData = (options: {
  readonly data: string;
  /** The output folder. */
  readonly out: string;
  readonly sampleRows: number;
}) => Promise<{ inspect(): Promise<number>; read(): Promise<number> }>;

const BYTES: Record<Size, number> = { small: 5e7, whole: 1e9 };
const DOCUMENTS: Record<Size, number> = { small: 40, whole: 1000 };
const SAMPLE_ROWS = 20_000;
const TABLES = [
  ["1 GB of CSV", "csv"],
  ["1 GB of JSONL", "jsonl"],
] as const;
const TEXTS = "1,000 documents, documents a second";

export const readData: Benchmark = {
  name: "read-data",
  timed: true,
  rounds: 3,
  measures:
    "Rows of a question and an answer, from a seed: previewed as the data step does (columns, counts, preview, personal data in the first million characters), and read into a data set with " +
    `${SAMPLE_ROWS.toLocaleString("en")} rows drawn from all. Documents of two pages, a quarter each of text, HTML, DOCX and PDF: previewed, and read with all their passages. Each in a new process; ` +
    "the best of the rounds, and the highest peak memory of the process, Node included. A small trial has 50 MB and 40 documents.",
  columns: [
    { key: "inspect", title: "looked through" },
    { key: "inspectBytes", title: "peak memory", unit: "bytes" },
    { key: "read", title: "made a data set" },
    { key: "readBytes", title: "peak memory then", unit: "bytes" },
    { key: "seconds", title: "both", unit: "seconds" },
  ],
  targets: TABLES.flatMap(([row]) => [
    { row, column: "inspect", atLeast: 20e6 },
    { row, column: "read", atLeast: 20e6 },
    { row, column: "inspectBytes", atMost: 500e6 },
    { row, column: "readBytes", atMost: 700e6 },
  ]),

  async run(context) {
    const rows: Row[] = [];
    for (const [name, format] of TABLES) {
      if (!context.wants(name)) continue;
      const write = (path: string) => {
        const file = `${path}.${format}`;
        writeRows(file, format, BYTES[context.size]);
        return { data: file, amount: statSync(file).size };
      };
      rows.push({ ...(await measured(context, name, write)), unit: "bytes/s" });
    }
    if (context.wants(TEXTS)) {
      const amount = DOCUMENTS[context.size];
      const write = (path: string) => {
        writeDocuments(path, amount);
        return { data: path, amount };
      };
      rows.push({ ...(await measured(context, TEXTS, write)), unit: "documents/s" });
    }
    return rows;
  },
};

/** Writes data to a temporary path, reads it, and removes it. */
async function measured(
  context: Context,
  name: string,
  write: (path: string) => { data: string; amount: number },
): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-read-data-"));
  try {
    context.say(`writing ${name}`);
    const { data, amount } = write(join(folder, "data"));
    const inspected = await best(data, folder, "inspect", context);
    const read = await best(data, folder, "read", context);
    return {
      name,
      figures: {
        inspect: amount / inspected.seconds,
        inspectBytes: inspected.peakBytes,
        read: amount / read.seconds,
        readBytes: read.peakBytes,
        seconds: inspected.seconds + read.seconds,
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function best(data: string, folder: string, call: "inspect" | "read", { rounds, say }: Context) {
  const options = () => ({ data, out: mkdtempSync(join(folder, "out-")), sampleRows: SAMPLE_ROWS });
  return bestCall("read-data", call, rounds, options, (rows, seconds) =>
    say(`${call}: ${rows} rows in ${seconds.toFixed(1)} s`),
  );
}
