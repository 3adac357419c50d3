/** The kinds of engine processes and their jobs. Large data is passed by path. */
import { z } from "zod";
import { PRECISIONS } from "../../native-models/inference/precision.ts";
import {
  Answer,
  AnswerShape,
  ChatTurn,
  Generated,
  Prompt,
  Sampling,
  ScoredToken,
  ScoresAsked,
  Tool,
} from "../../preload/contract/chat/chat.ts";
import { HeldOutSplit } from "../../preload/contract/chat/correction.ts";
import { FoundPassages, PassagesAsked } from "../../preload/contract/chat/found-passage.ts";
import { DataSetFile, DataSetFormat } from "../../preload/contract/data/data-set.ts";
import {
  ChoiceStyle,
  DatasetReport,
  DocumentChoices,
  FieldMappings,
  Message,
  ReadingProgress,
  SplitName,
  SplitReport,
} from "../../preload/contract/data/data.ts";
import { InspectedFile, PreviewRow, Uninspected } from "../../preload/contract/data/inspection.ts";
import { Device, DeviceProblem } from "../../preload/contract/plans/device.ts";
import { ModelReport } from "../../preload/contract/plans/model.ts";
import { Base, Programs, TrimPlan } from "../../preload/contract/plans/plan.ts";
import { Probe } from "../../preload/contract/plans/probe.ts";
import { StoredPassage } from "../../preload/contract/questions/written-questions.ts";
import { CheckedParcel } from "../../preload/contract/results/passport.ts";
import {
  Beginning,
  Continuation,
  RecitedRows,
  MOST_RECITED_ROWS,
} from "../../preload/contract/results/recited.ts";
import { Exported, ExportFormat, ExportMix } from "../../preload/contract/runs/exporting.ts";
import { LiveJob } from "../../preload/contract/runs/live-job.ts";
import { Evaluation, ModelMetrics, RunEvent, TrimOutcome } from "../../preload/contract/runs/run.ts";
import { defineEngine } from "./process/protocol.ts";
import { said } from "../../native-models/codes.ts";
import type { PageProblems } from "../../preload/contract/failures/page-problem.ts";

const paths = z.array(z.string());
const sources = {
  data: paths.min(1),
  valid: paths,
  test: paths,
  offDomain: paths,
  /** Files in their folders and archives that are left out. */
  excluded: paths.default([]),
  mappings: FieldMappings.default({}),
  documents: DocumentChoices.prefault({}),
  /** The folder of recognised text, if scanned pages and pictures are to be read (documents/pdf/recognised.ts). */
  recognised: z.string().nullable().default(null),
  /** How many training rows are drawn at random; all of them if it is undefined. */
  sampleRows: z.number().int().positive().optional(),
};
const GIB = 2 ** 30;
/** native-models/chat-template.ts */
const ChatTemplate = z.object({
  source: z.string().nullable(),
  bosToken: z.string().nullable(),
  eosToken: z.string().nullable(),
  specialTokens: z.array(z.string()).readonly(),
});

/** The header of a model file. */
const inspectModel = { input: z.object({ path: z.string() }), event: z.never(), output: ModelReport };

/** Runs a chat template's program, up to the start of an answer. */
const renderChat = {
  input: z.object({
    template: ChatTemplate,
    messages: z.array(ChatTurn).readonly(),
    tools: z.array(Tool).readonly().optional(),
  }),
  event: z.never(),
  output: z.object({ text: z.string() }),
};

/** Reads what a person brings: model headers, documents, chat templates. Untrusted, so it has limits. */
export const reader = defineEngine({
  name: "reader",
  priority: "normal",
  limits: { timeMs: 10 * 60_000, memoryBytes: 4 * GIB },
  jobs: {
    "inspect-model": inspectModel,
    /** Reports each file as soon as it has been inspected; with a model, also row lengths in its tokens. */
    "inspect-data": {
      input: z.object({ ...sources, model: z.string().nullable() }),
      event: InspectedFile,
      output: Uninspected,
    },
    /** With a model, conversations become examples through its chat template. Reports each document that was read. */
    "read-dataset": {
      input: z.object({
        ...sources,
        out: z.string(),
        seed: z.number(),
        model: z.string().nullable(),
        mayBeFew: z.boolean().optional(),
      }),
      event: ReadingProgress,
      output: DatasetReport,
    },
    /** A page of the rows of a dataset that was read (documents/stored/look-through.ts). */
    "dataset-rows": {
      input: z.object({
        folder: z.string(),
        split: SplitName,
        search: z.string(),
        offset: z.number(),
        limit: z.number(),
      }),
      event: z.never(),
      output: z.object({ rows: z.array(PreviewRow), found: z.number() }),
    },
    /** Reports the passages of train, valid and test, a few at a time (documents/stored/stored-passages.ts). */
    "dataset-passages": {
      input: z.object({ folder: z.string() }),
      event: z.array(StoredPassage),
      output: z.object({ passages: z.number() }),
    },
    /** The passages in which a question is likely to be answered (documents/stored/passage-search.ts). */
    "find-passages": {
      input: PassagesAsked,
      event: z.never(),
      output: FoundPassages,
    },
    /** Writes a dataset and its card into the new folder `out`; reports each file before it is written. */
    "export-dataset": {
      input: z.object({
        folder: z.string(),
        out: z.string(),
        format: DataSetFormat,
        name: z.string(),
        version: z.number(),
        addedAt: z.string(),
      }),
      event: z.object({ file: z.string() }),
      output: z.object({ files: z.array(DataSetFile) }),
    },
    /** Reports the corrections in a person's file. */
    "read-corrections": {
      input: z.object({ path: z.string() }),
      event: z.object({ messages: z.array(Message), wrong: z.string(), passage: z.string() }),
      output: z.object({ rows: z.number() }),
    },
    /** For each correction in a file, the held-out part of the dataset `against` that has its question (documents/stored/corrections.ts). */
    "held-out-corrections": {
      input: z.object({ corrections: z.string(), against: z.string() }),
      event: z.never(),
      output: z.object({ heldOut: z.array(HeldOutSplit.nullable()) }),
    },
    /** Writes the corrections that are in no held-out part as a dataset, with conversations in `model`'s form. */
    "write-corrections": {
      input: z.object({
        corrections: z.string(),
        against: z.string(),
        lineage: z.string(),
        out: z.string(),
        model: z.string(),
      }),
      event: z.never(),
      output: DatasetReport,
    },
    /** Reports the files with pages that have no text, and none in `recognised` yet. */
    "find-scans": {
      input: z.object({ ...sources, recognised: z.string() }),
      event: z.object({ path: z.string(), key: z.string(), pages: z.array(z.number()) }),
      output: z.object({ scans: z.number() }),
    },
    /** A separate test set, for `coppice evaluate`: writes out/test.json. */
    "read-test-set": {
      input: z.object({
        data: paths.min(1),
        recognised: sources.recognised,
        out: z.string(),
        model: z.string(),
      }),
      event: z.never(),
      output: z.object({ split: SplitReport, choiceStyle: ChoiceStyle }),
    },
    /** Reports the beginning of each row that a model is to continue (documents/stored/reciting.ts); `beginnings`: how many. */
    "rows-to-recite": {
      input: z.object({ folder: z.string(), rows: z.number().int().min(1).max(MOST_RECITED_ROWS) }),
      event: Beginning,
      output: z.object({ beginnings: z.number() }),
    },
    /** How much of the model's answers repeats the rows verbatim. */
    recited: {
      input: z.object({ folder: z.string(), answers: z.array(Continuation) }),
      event: z.never(),
      output: z.object({ trained: RecitedRows, heldOut: RecitedRows.nullable() }),
    },
    "render-chat": { ...renderChat, limits: { timeMs: 20_000, memoryBytes: 2 * GIB } },
    /** Checks a model that somebody handed on; `into`: also writes it to this new folder, which the caller removes if the job fails (trimming/export/parcel.ts). */
    "read-parcel": {
      input: z.object({ path: z.string(), into: z.string().nullable() }),
      event: z.object({ fraction: z.number() }),
      output: CheckedParcel,
    },
    /** Checks a job that was carried out elsewhere, or begun and `continues` here, and writes it as a run's folder to the new folder `into`; reports its training, and progress (trimming/elsewhere/job-result.ts). */
    "read-job": {
      input: z.object({
        folder: z.string(),
        models: z.array(z.object({ path: z.string(), sha256: z.string().nullable() })).readonly(),
        datasets: paths.readonly(),
        into: z.string(),
        continues: z.boolean(),
      }),
      event: RunEvent,
      output: z.object({ name: z.string(), plan: TrimPlan }),
      limits: { timeMs: 60 * 60_000, memoryBytes: 4 * GIB },
    },
    /** How far a job is while it is carried out elsewhere (trimming/elsewhere/live-job.ts). */
    "look-at-job": {
      input: z.object({ folder: z.string(), before: LiveJob.nullable() }),
      event: z.never(),
      output: LiveJob,
      limits: { timeMs: 60_000, memoryBytes: 4 * GIB },
    },
    /** SHA-256 of a model file, or of all weight files of a folder. */
    "hash-model": {
      input: z.object({ path: z.string() }),
      event: z.never(),
      output: z.object({ sha256: z.string() }),
    },
  },
});

/** Recognises the text of scanned pages and pictures. Each page is a job, with its own limits. */
export const recogniser = defineEngine({
  name: "recogniser",
  priority: "low",
  limits: { timeMs: 5 * 60_000, memoryBytes: 2 * GIB },
  jobs: {
    /** Writes what it finds into the folder `recognised`; `problem` says why there is no text. */
    "recognise-page": {
      input: z.object({
        path: z.string(),
        key: z.string(),
        page: z.number().int().min(1),
        recognised: z.string(),
      }),
      event: z.never(),
      output: z.object({ problem: said<PageProblems>().nullable() }),
    },
  },
});

/** Trains, trims, evaluates. One at a time, with lower priority than the person's own work. */
export const trainer = defineEngine({
  name: "trainer",
  priority: "low",
  limits: {},
  jobs: {
    /** Starts a run in its folder, or resumes it. */
    trim: {
      input: z.object({
        runFolder: z.string(),
        plan: TrimPlan,
        output: z.string(),
        /** Whether it may use the memory that makes training faster. */
        keepsActivations: z.boolean(),
        /** Whether the run had already been asked to end early when it was interrupted. */
        finishes: z.boolean(),
        /** The outcome of the run that it repeats on everything, whose figures it has; null: it has its own. */
        before: TrimOutcome.nullable(),
      }),
      event: RunEvent,
      output: TrimOutcome,
    },
    evaluate: {
      input: z.object({
        model: z.string(),
        data: z.string(),
        choiceStyle: ChoiceStyle,
        /** Exists for the duration of the job. */
        workFolder: z.string(),
        threads: z.number().int().min(1),
        maxTokens: z.number().int().min(16),
        /** The storage of the weights while the model is measured. */
        base: Base,
      }),
      event: RunEvent,
      output: z.object({ metrics: ModelMetrics, evaluation: Evaluation }),
    },
    /** Times a few real steps of a plan on this computer. `workFolder` exists for the duration of the job. */
    probe: {
      input: z.object({ plan: TrimPlan, workFolder: z.string(), keepsActivations: z.boolean() }),
      event: z.object({ done: z.number() }),
      output: Probe,
    },
    /** Compares a training step of a small model on a device with the processor's. A driver may hang. */
    "test-device": {
      input: z.object({ device: Device, threads: z.number().int().min(1) }),
      event: z.never(),
      output: z.object({ problem: DeviceProblem.nullable(), timesCpu: z.number().nullable() }),
      limits: { timeMs: 3 * 60_000 },
    },
    /** The processor's training speed, in multiplications and additions per second. */
    "training-speed": {
      input: z.object({ threads: z.number().int().min(1) }),
      event: z.never(),
      output: z.object({ operationsPerSecond: z.number().positive() }),
      limits: { timeMs: 60_000 },
    },
    /** Exports a depth of a run in a format that other programs load. */
    export: {
      input: z.object({
        runFolder: z.string(),
        plan: TrimPlan,
        depth: z.string(),
        output: z.string(),
        /** Where it is written first: a new path beside the output, which the caller removes if it ends the process. */
        partial: z.string(),
        format: ExportFormat,
        mix: ExportMix,
        /** The model's name in its files, its licence, and its card. */
        name: z.string(),
        baseName: z.string(),
        licence: z.string().nullable(),
        card: z.string(),
        /** The export is refused if this program could not load it. */
        program: z.enum(Programs).optional(),
      }),
      event: RunEvent,
      output: Exported,
    },
    /** Writes a plan's run as a folder for another computer; `partial`: as of `export`. (trimming/elsewhere/job-folder.ts) */
    "write-job": {
      input: z.object({
        plan: TrimPlan,
        name: z.string(),
        output: z.string(),
        partial: z.string(),
        /** The folder of the programme that carries it out. */
        programme: z.string(),
      }),
      event: RunEvent,
      output: z.object({}),
    },
    /** Packs the files of an exported folder into the file `out`, with their signed passport (trimming/export/parcel.ts). */
    pack: {
      input: z.object({
        folder: z.string(),
        out: z.string(),
        passport: z.string(),
        key: z.string(),
        signature: z.string(),
      }),
      event: RunEvent,
      output: z.object({ sizeBytes: z.number() }),
    },
  },
});

/** A text, or its ids. */
const PromptOrIds = z.union([z.string(), z.array(z.number().int().nonnegative())]);

/** Of a conversation's prompt: the file in which what was read of it may be saved (conversation-texts.ts). */
const kept = z.string().optional();

/** For how many tokens of an answer there must be room after the prompt: otherwise it fails with `context-full`. */
const room = z.number().int().min(0).default(0);

/** Whether the processor, if it will answer, prepares the prompt graph: not worthwhile for a single answer. */
const preparesPrompts = z.boolean();

/** Answers with one loaded model, several texts at the same time; a command needs no other process to inspect it and to render its prompts. */
export const chat = defineEngine({
  name: "chat",
  priority: "normal",
  limits: {},
  jobs: {
    /** Leaves the model open for `load`. */
    "inspect-model": { ...inspectModel, limits: reader.limits },
    "render-chat": { ...renderChat, isShared: true, limits: { timeMs: 20_000 } },
    /** Opens a model for chat; if it has no chat weights, they are created in `cacheFolder`. */
    load: {
      input: z.object({
        model: z.string(),
        cacheFolder: z.string(),
        /** Depends on the model by default (native-models/inference/precision.ts). */
        precision: z.enum(PRECISIONS).optional(),
        threads: z.number().int().min(1),
        /** Stores the native decoder's best number of threads once it is measured on this computer; without it, `threads` are used. */
        threadsFile: z.string().optional(),
        /** How many tokens the texts that are open at the same time may become, for the native decoder. */
        textTokens: z.number().int().min(1),
        /** The folder of the data set that the model was trained on, if it was trained here. */
        learnt: z.string().optional(),
        preparesPrompts,
      }),
      event: z.never(),
      output: z.object({
        layers: z.number(),
        maxPositions: z.number(),
        sizeBytes: z.number(),
        chatTemplate: ChatTemplate,
        /** Whether the native decoder answers. */
        isNative: z.boolean(),
      }),
    },
    /**
     * Lets a device answer instead of the processor, if its results match; otherwise the processor continues. A driver may hang.
     */
    "use-device": {
      input: z.object({ device: Device, preparesPrompts }),
      event: z.never(),
      output: z.object({ problem: DeviceProblem.nullable() }),
      limits: { timeMs: 3 * 60_000 },
    },
    /** Reports how many tokens a prompt has, and reads it, since `generate` will probably be asked to continue it. */
    "read-ahead": {
      isShared: true,
      input: z.object({ prompt: z.string(), special: z.boolean(), room, kept }),
      event: z.object({ tokens: z.number() }),
      output: z.object({}),
    },
    /** Saves what was read of the conversations whose files these are, as far as they have been answered. */
    "write-texts": {
      isShared: true,
      input: z.object({ paths }),
      event: z.never(),
      output: z.object({}),
      limits: { timeMs: 5000 },
    },
    /**
     * Continues a rendered prompt, or its ids. `special`: special tokens in its text are real ones (a chat template's are). The native decoder
     * writes several answers at the same time, otherwise they wait for each other.
     */
    generate: {
      isShared: true,
      input: z.object({
        prompt: PromptOrIds,
        special: z.boolean(),
        sampling: Sampling,
        /** What the answer must be; any text by default. */
        shape: AnswerShape.optional(),
        scores: ScoresAsked.optional(),
        /** Whether a person waits for it: it goes before programs' requests. */
        isUrgent: z.boolean(),
        room,
        kept,
      }),
      event: z.union([z.object({ text: z.string() }), z.object({ scores: z.array(ScoredToken) })]),
      output: Generated,
    },
    /** The vector of a text (native-models/inference/embedding.ts) and its number of tokens. Only by the native decoder. */
    embed: {
      isShared: true,
      input: z.object({ text: PromptOrIds }),
      event: z.never(),
      output: z.object({ vector: z.array(z.number()), tokens: z.number() }),
    },
  },
});

/** Answers many prompts, with lower priority than the person's own work. */
export const batch = defineEngine({
  name: "batch",
  priority: "low",
  limits: {},
  jobs: {
    /** Opens a model for the answers that follow, like the chat engine's `load`. */
    open: {
      input: z.object({
        model: z.string(),
        cacheFolder: z.string(),
        precision: z.enum(PRECISIONS).optional(),
        threads: z.number().int().min(1),
        threadsFile: z.string().optional(),
      }),
      event: z.never(),
      output: z.object({ chatTemplate: ChatTemplate, maxPositions: z.number(), isNative: z.boolean() }),
    },
    /**
     * Answers prompts, and reports each answer once it is finished, in any order. Failures: unsupported-schema, before anything is
     * written; cancelled: what was reported stays, and the rest can be asked again.
     */
    answer: {
      input: z.object({
        prompts: z.array(Prompt),
        /** What answers must be; a prompt names one by its index. */
        shapes: z.array(AnswerShape).default([]),
        sampling: Sampling,
        /** How many answers are written at the same time, at most. */
        rows: z.number().int().min(1).max(64).default(1),
      }),
      event: Answer,
      output: z.object({ answers: z.number(), tokens: z.number(), seconds: z.number() }),
    },
  },
});

/** All engines of the application. */
export const ENGINES = [trainer, chat, batch, reader, recogniser];
