/** What is no file of data or no model at all, or changes while it is read: case 62. */
import type { FileReason } from "../../../native-models/file-reasons.ts";
import { saying } from "../../saying.ts";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetBytes, texts } from "../../main/documents/parquet/parquet-bytes.ts";
import type { Door, HostileCase } from "../case.ts";

/** Python's pickle of a list that would run a program. */
const PICKLE = Buffer.from(
  "\x80\x02cposix\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03.",
  "latin1",
);
const UNSUPPORTED = { code: "unsupported-format" };
const unreadable = (reason: FileReason) => ({ code: "unreadable", reason });

const one = (
  title: string,
  door: Door,
  name: string,
  write: HostileCase["write"],
  expected: HostileCase["expected"],
  more: Partial<HostileCase> = {},
): HostileCase => ({ title: `62 ${title}`, door, name, write, expected, ...more });

const pipe = (path: string) => void execFileSync("mkfifo", [path]);
const zeros = (path: string) => symlinkSync("/dev/zero", path);
const row = (i: number) => `${JSON.stringify({ prompt: `p${i}`, completion: "c".repeat(1000) })}\n`;
const rows = (count: number) => Array.from({ length: count }, (_, i) => row(i)).join("");
let turn = 0;

export const fileCases: readonly HostileCase[] = [
  one("a pickle as a model", "inspect-model", "model.bin", (path) => writeFileSync(path, PICKLE), {
    code: "pickle",
  }),
  one(
    "a pickle in a zip, as PyTorch writes it",
    "inspect-model",
    "model.pt",
    (path) => writeFileSync(path, Buffer.concat([Buffer.from("PK\x03\x04"), PICKLE])),
    { code: "pickle" },
  ),
  one(
    "a folder with a pickle alone",
    "inspect-model",
    "model",
    (path) => {
      mkdirSync(path);
      writeFileSync(join(path, "pytorch_model.bin"), PICKLE);
      writeFileSync(join(path, "config.json"), "{}");
    },
    { code: "pickle" },
  ),
  one("a pickle as data", "inspect-data", "data.pkl", (path) => writeFileSync(path, PICKLE), UNSUPPORTED),
  one("a pickle that is named as data", "inspect-data", "data.csv", (path) => writeFileSync(path, PICKLE), {
    code: "bad-data",
    reason: "not-text",
  }),
  one(
    "a pipe as a model",
    "inspect-model",
    "model.gguf",
    pipe,
    unreadable({ code: "no-file", kind: "pipe" }),
  ),
  one("a pipe as data", "inspect-data", "data.jsonl", pipe, unreadable("not-regular")),
  one(
    "/dev/zero as a model",
    "inspect-model",
    "model.gguf",
    zeros,
    unreadable({ code: "no-file", kind: "device" }),
  ),
  one("/dev/zero as data", "inspect-data", "data.csv", zeros, unreadable("not-regular")),
  one("a folder without a model", "inspect-model", "model.gguf", (path) => void mkdirSync(path), {
    code: "not-found",
  }),
  one("a folder that is named as data", "inspect-data", "data.csv", (path) => void mkdirSync(path), {
    code: "bad-data",
    reason: saying("no documents"),
  }),
  one(
    "links in a circle",
    "inspect-data",
    "data.csv",
    (path) => symlinkSync(path, path),
    unreadable("link-circle"),
  ),
  one(
    "a file that is swapped while it is read",
    "inspect-data",
    "data.jsonl",
    (path) => writeFileSync(path, rows(20_000)),
    "either",
    {
      meanwhile: (path) => {
        writeFileSync(`${path}.new`, ++turn % 2 === 0 ? rows(1000) : PICKLE);
        renameSync(`${path}.new`, path);
      },
    },
  ),
  one(
    "a file that is cut short while it is read",
    "inspect-data",
    "data.parquet",
    (path) => {
      const values = Array.from({ length: 20_000 }, (_, i) => `text ${i}`);
      writeFileSync(path, parquetBytes([texts("prompt", values), texts("completion", values)]));
    },
    "either",
    { meanwhile: (path) => truncateSync(path, 1000 + (++turn % 1000)) },
  ),
  one(
    "a file that becomes a pipe while it is read",
    "inspect-data",
    "data.jsonl",
    (path) => writeFileSync(path, rows(5_000)),
    "either",
    {
      meanwhile: (path) => {
        execFileSync("mkfifo", [`${path}.${++turn}`]);
        renameSync(`${path}.${turn}`, path);
      },
    },
  ),
  one("a file named CON", "inspect-data", "CON.jsonl", (path) => writeFileSync(path, rows(2)), null),
  one(
    "a file whose name has a line end and a quotation mark",
    "inspect-data",
    'a"\n$(x).jsonl',
    (path) => writeFileSync(path, rows(2)),
    null,
  ),
];
