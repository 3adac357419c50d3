/** The reader: inspects what a person brings, so that no other process parses untrusted files. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { chatTemplateOf, hasThinkingSwitch, renderChat } from "../../native-models/chat-template.ts";
import { AppError, failureOf } from "../../native-models/failure.ts";
import { writeFileAtomic } from "../../native-models/formats/atomic.ts";
import { isFolder } from "../../native-models/formats/bytes.ts";
import { ggufFiles } from "../../native-models/formats/gguf/read.ts";
import { sha256OfFile } from "../../native-models/formats/sha256.ts";
import { withModel } from "../../native-models/open-model.ts";
import type { Tokenizer } from "../../native-models/tokenizer.ts";
import { SPLITS } from "../../preload/contract/data/data-files.ts";
import { DatasetReport } from "../../preload/contract/data/data.ts";
import { readDataset } from "../documents/dataset.ts";
import { findSources, mayLackText } from "../documents/files/split-sources.ts";
import { shownNotRead } from "../documents/files/shown-files.ts";
import { inspectFile } from "../documents/inspect.ts";
import type { InspectionRequest } from "../documents/inspect.ts";
import { scanIn } from "../documents/ocr/scans.ts";
import { renderedSplit } from "../documents/records/conversation.ts";
import type { ChatForm } from "../documents/records/conversation.ts";
import type { ReadingOptions } from "../documents/row.ts";
import { splitReport } from "../documents/splits/split-report.ts";
import { heldOutCorrections, personsCorrections, writeCorrections } from "../documents/stored/corrections.ts";
import { dataCard } from "../documents/stored/data-card.ts";
import { exportRows } from "../documents/stored/export-rows.ts";
import { lookThrough } from "../documents/stored/look-through.ts";
import { findPassages } from "../documents/stored/passage-search.ts";
import { beginningsOf, recitedIn } from "../documents/stored/reciting.ts";
import { readReport, writeSplit } from "../documents/stored/split-files.ts";
import { storedPassages } from "../documents/stored/stored-passages.ts";
import { readTestSet } from "../documents/test-set.ts";
import { reader } from "./jobs.ts";
import { reportOf } from "./model-report.ts";
import { cancellable, everySoOften, exportProgress } from "./process/progress.ts";
import { serve } from "./process/serve.ts";
import { readJobResult } from "../trimming/elsewhere/job-result.ts";
import { lookAtJob } from "../trimming/elsewhere/live-job.ts";
import { readParcel } from "../trimming/export/parcel.ts";
import { writeFolderAtomic } from "../trimming/export/write-folder.ts";

serve(reader, {
  "inspect-model": async ({ path }) => withModel(path, async (model) => reportOf(model)),

  "inspect-data": async (
    { model, mappings, documents, sampleRows, recognised, ...request },
    { report, control },
  ) =>
    withTokens(model, async (tokens) => {
      const { leftOut, ...files } = findSources(sourcesOf({ ...request, recognised }));
      for (const split of SPLITS) {
        for (const path of files[split]) {
          const reading = { mappings, documents, sampleRows, ...readingOf(recognised) };
          const file = await inspectFile(path, split, { ...reading, ...tokens });
          if (file.failure?.code === "bad-data" && mayLackText(path, request))
            leftOut.push({ path, why: "no-text" });
          else report(file);
          await control.yieldToEventLoop();
          control.throwIfCancelled();
        }
      }
      return shownNotRead(leftOut);
    }),

  "read-dataset": async ({ model, recognised, ...request }, { report, control }) =>
    withTokens(model, async (tokens) =>
      readDataset({
        onProgress: async (progress) => {
          report(progress);
          await control.yieldToEventLoop();
          control.throwIfCancelled();
        },
        ...request,
        ...sourcesOf({ ...request, recognised }),
        ...readingOf(recognised),
        ...tokens,
      }),
    ),

  "dataset-rows": lookThrough,

  "dataset-passages": async ({ folder }, { report, control }) => {
    let passages = 0;
    for (const some of storedPassages(folder)) {
      report(some);
      passages += some.length;
      await control.yieldToEventLoop();
      control.throwIfCancelled();
    }
    return { passages };
  },

  "find-passages": findPassages,

  "export-dataset": async ({ folder, out, format, ...named }, { report: tell, control }) => {
    const files = await writeFolderAtomic(out, async (partial) => {
      const written = await exportRows(folder, partial, format, async (file) => {
        tell({ file });
        await control.yieldToEventLoop();
        control.throwIfCancelled();
      });
      const report = readReport(folder, DatasetReport);
      await writeFileAtomic(
        join(partial, "README.md"),
        dataCard({ ...named, report, format, files: written }),
      );
      return written;
    });
    return { files };
  },

  "read-corrections": async ({ path }, { report }) => {
    const rows = await personsCorrections(path);
    rows.forEach(report);
    return { rows: rows.length };
  },

  "held-out-corrections": async ({ corrections, against }) => ({
    heldOut: heldOutCorrections(corrections, against),
  }),

  "write-corrections": async ({ model, ...request }) =>
    withModel(model, async ({ tokenizer }) => writeCorrections({ ...request, ...tokensOf(tokenizer) })),

  "find-scans": async ({ recognised, ...request }, { report, control }) => {
    const files = findSources(sourcesOf({ ...request, recognised }));
    let scans = 0;
    for (const path of new Set(SPLITS.flatMap((split) => files[split]))) {
      const scan = await scanIn(path, recognised);
      if (scan) {
        report({ ...scan, pages: [...scan.pages] });
        scans++;
      }
      await control.yieldToEventLoop();
      control.throwIfCancelled();
    }
    return { scans };
  },

  "read-test-set": async ({ data, recognised, out, model }) =>
    withModel(model, async ({ tokenizer }) => {
      const { split, evidence, files, madeLeftOut } = await readTestSet(data, readingOf(recognised));
      await writeSplit(out, "test", renderedSplit(split, evidence.style, chatOf(tokenizer)));
      return { split: splitReport(split, files, madeLeftOut), choiceStyle: evidence.style };
    }),

  "rows-to-recite": ({ folder, rows }, { report }) => {
    const beginnings = beginningsOf(folder, rows);
    for (const beginning of beginnings) report(beginning);
    return { beginnings: beginnings.length };
  },

  recited: ({ folder, answers }) => recitedIn(folder, answers),

  "render-chat": ({ template, messages, tools }) => ({
    text: renderChat(template, { messages, tools, addGenerationPrompt: true }),
  }),

  "read-parcel": async ({ path, into }, { report, control }) => {
    const tell = cancellable(
      control,
      everySoOften((fraction) => report({ fraction })),
    );
    if (into === null) return readParcel(path, null, tell);
    mkdirSync(into);
    const read = await readParcel(path, into, tell);
    await withModel(into, async (model) => reportOf(model)).catch((error: unknown) => {
      throw "path" in failureOf(error)
        ? new AppError({ code: "bad-parcel", path, problem: "contents" })
        : error;
    });
    return read;
  },

  "read-job": ({ folder, into, continues, ...known }, { report, control }) => {
    const tell = cancellable(control, exportProgress(report));
    return readJobResult(folder, known, into, { continues, report, tell });
  },

  "look-at-job": ({ folder, before }) => lookAtJob(folder, before),

  "hash-model": async ({ path }) => ({ sha256: await hashOf(path) }),
});

/** Calls `use` with what reading data needs of a model: empty if there is none. */
function withTokens<T>(model: string | null, use: (tokens: Partial<Tokens>) => Promise<T>): Promise<T> {
  return model === null ? use({}) : withModel(model, ({ tokenizer }) => use(tokensOf(tokenizer)));
}

/** A split without named files is undefined, so that its files are searched for. */
function sourcesOf({
  data,
  valid,
  test,
  offDomain,
  excluded,
  recognised,
}: Record<"data" | "valid" | "test" | "offDomain" | "excluded", string[]> & {
  readonly recognised: string | null;
}) {
  const named = (paths: string[]) => (paths.length === 0 ? undefined : paths);
  const withPictures = recognised !== null;
  return {
    data,
    valid: named(valid),
    test: named(test),
    offDomain: named(offDomain),
    excluded,
    withPictures,
  };
}

const readingOf = (recognised: string | null): ReadingOptions => (recognised === null ? {} : { recognised });

type Tokens = Required<Pick<InspectionRequest, "chat" | "countTokens">>;

function tokensOf(tokenizer: Tokenizer): Tokens {
  return {
    chat: chatOf(tokenizer),
    countTokens: (text, special = false) => tokenizer.encode(text, { special }).length,
  };
}

function chatOf(tokenizer: Tokenizer): ChatForm {
  const template = chatTemplateOf(tokenizer);
  return {
    hasTemplate: template.source !== null,
    hasThinkingMode: hasThinkingSwitch(template),
    render: (messages, thinking = false) =>
      renderChat(template, { messages, addGenerationPrompt: true, thinking }),
    whole: (messages) => renderChat(template, { messages, addGenerationPrompt: false }),
  };
}

/** For a folder: over its weight files and its configuration, each by name and hash. */
async function hashOf(path: string): Promise<string> {
  if (!isFolder(path)) return hashOfParts(ggufFiles(path));
  const files = readdirSync(path)
    .filter((name) => name.endsWith(".safetensors") || name === "config.json" || name === "tokenizer.json")
    .sort()
    .map((name) => join(path, name));
  return hashOfFiles(files);
}

/** A single file's hash is its plain SHA-256. */
const hashOfParts = (files: readonly string[]): Promise<string> =>
  files.length === 1 ? sha256OfFile(files[0]!) : hashOfFiles(files);

async function hashOfFiles(files: readonly string[]): Promise<string> {
  const all = createHash("sha256");
  for (const file of files) all.update(`${basename(file)} ${await sha256OfFile(file)}\n`);
  return all.digest("hex");
}
