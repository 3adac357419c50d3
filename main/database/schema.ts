/** The tables of the newest version in kysely's form; their meaning is documented in migrations/. JSON columns are text. */
import type { Generated, GeneratedAlways } from "kysely";
import type { HeldOutSplit } from "../../preload/contract/chat/correction.ts";
import type { Message, SplitName } from "../../preload/contract/data/data.ts";
import type {
  QuestionKind,
  QuestionState,
  WritingState,
} from "../../preload/contract/questions/written-questions.ts";
import type { Phase, RunState, Subject } from "../../preload/contract/runs/run.ts";

export interface ModelsTable {
  id: Generated<number>;
  path: string;
  name: string;
  format: string;
  architecture: string;
  summary: string;
  sizeBytes: number;
  sha256: string | null;
  addedAt: string;
  usedAt: string;
}

export interface DatasetsTable {
  id: Generated<number>;
  folder: string;
  name: string;
  report: string;
  addedAt: string;
  usedAt: string;
  /** 1: stays when the last run that used it is deleted. */
  kept: Generated<number>;
  /** The version among the data sets of this name, from 1. */
  version: number;
  /** The highest version that this name ever had, including data sets that have been deleted. */
  newestVersion: Generated<number>;
}

/** Why a run is paused: a person asked for it, or its program ended during the run. */
export type PauseReason = "asked" | "interrupted";

export interface RunsTable {
  id: string;
  name: string;
  state: RunState;
  pauseReason: PauseReason | null;
  phase: Phase | null;
  round: number | null;
  fraction: Generated<number>;
  secondsLeft: number | null;
  seed: number;
  modelId: number | null;
  datasetId: number | null;
  output: string | null;
  failure: string | null;
  note: Generated<string>;
  /** A list of words. */
  tags: Generated<string>;
  activeSeconds: Generated<number>;
  peakMemoryBytes: number | null;
  createdAt: string;
  startedAt: string | null;
  resumedAt: string | null;
  updatedAt: string;
  finishedAt: string | null;
  plan: string;
  /** Only for a run that is to finish by a time of day (services/plans/timing.ts). */
  timing: string | null;
  /** 1: it was asked to end early. */
  finishing: Generated<number>;
  /** 1: it may start on battery power. */
  onBattery: Generated<number>;
  /** The depth that is the model of a finished run; null: its shallowest. */
  result: string | null;
}

export interface RoundsTable {
  runId: string;
  round: number;
  scorer: string | null;
  scoredRows: number | null;
  dropped: string | null;
  kept: string | null;
  checkpoint: string | null;
}

export interface UnitScoresTable {
  runId: string;
  round: number;
  unit: number;
  score: number;
  accuracy: number | null;
}

export interface MetricsTable {
  runId: string;
  step: number;
  loss: number;
  distillationLoss: number | null;
  learningRate: number;
  gradientNorm: number;
  tokensPerSecond: number;
  tokens: number;
}

export interface ValidationsTable {
  runId: string;
  step: number;
  epoch: number;
  loss: number;
  accuracy: string | null;
}

export type EvaluatedSplit = "valid" | "test" | "off-domain";

export interface EvaluationsTable {
  id: Generated<number>;
  runId: string | null;
  modelId: number | null;
  datasetId: number | null;
  subject: Subject;
  split: EvaluatedSplit;
  units: GeneratedAlways<number>;
  healed: GeneratedAlways<number>;
  accuracy: GeneratedAlways<number | null>;
  perplexity: GeneratedAlways<number | null>;
  tokensPerSecond: GeneratedAlways<number | null>;
  sizeBytes: GeneratedAlways<number | null>;
  accuracyLow: GeneratedAlways<number | null>;
  accuracyHigh: GeneratedAlways<number | null>;
  createdAt: string;
  depth: string;
}

export interface RunEventsTable {
  id: Generated<number>;
  runId: string;
  event: string;
  createdAt: string;
  body: string;
}

export interface ConversationsTable {
  id: Generated<number>;
  title: string;
  model: string;
  systemPrompt: Generated<string>;
  sampling: string;
  createdAt: string;
  updatedAt: string;
  leafId: number | null;
  besideModel: string | null;
  besideLeafId: number | null;
}

/** `writing`: an answer in progress; `stopped`: one that ended early. */
export type MessageState = "writing" | "done" | "stopped";

export interface MessagesTable {
  id: Generated<number>;
  conversationId: number;
  /** The previous message: a second answer to a question has the same parent as the first. */
  parentId: number | null;
  role: Message["role"];
  state: MessageState;
  model: string | null;
  tokens: number | null;
  tokensPerSecond: number | null;
  createdAt: string;
  content: string;
  /** JSON: the passages that the model reads before this question. */
  passages: string | null;
  /** For an answer: the tokens of its question and everything before it. */
  promptTokens: number | null;
  /** Why an answer ended; null if it was interrupted. */
  reason: string | null;
  /** How many of the messages before an answer, the first ones, did not fit into its prompt. */
  leftOut: Generated<number>;
}

export interface CorrectionsTable {
  id: Generated<number>;
  lineage: string;
  run: string;
  conversationId: number | null;
  message: number | null;
  before: string;
  wrong: string;
  right: string;
  passage: Generated<string>;
  heldOut: HeldOutSplit | null;
  createdAt: string;
  updatedAt: string;
}

export interface SettingsTable {
  name: string;
  value: string;
}

export interface DraftsTable {
  form: string;
  updatedAt: string;
  body: string;
}

export interface WritingsTable {
  id: Generated<number>;
  datasetId: number;
  name: string;
  model: string;
  modelName: string;
  kinds: string;
  state: Exclude<WritingState, "waiting">;
  failure: string | null;
  seconds: Generated<number>;
  mostSeconds: number | null;
  thrown: Generated<string>;
  createdAt: string;
}

export interface WritingPassagesTable {
  id: Generated<number>;
  writingId: number;
  document: string;
  place: number;
  split: SplitName;
  passage: string;
  done: Generated<number>;
}

export interface WrittenQuestionsTable {
  id: Generated<number>;
  writingId: number;
  passageId: number;
  kind: QuestionKind;
  question: string;
  answer: string;
  evidence: string;
  doubt: number;
  checks: string;
  state: Generated<QuestionState>;
  changes: Generated<string>;
}

/** FTS5 over messages.content; `rank` is its relevance measure. */
export interface MessagesSearchTable {
  rowid: number;
  content: string;
  rank: number;
}

export interface Schema {
  settings: SettingsTable;
  drafts: DraftsTable;
  messagesSearch: MessagesSearchTable;
  models: ModelsTable;
  datasets: DatasetsTable;
  runs: RunsTable;
  rounds: RoundsTable;
  unitScores: UnitScoresTable;
  metrics: MetricsTable;
  validations: ValidationsTable;
  evaluations: EvaluationsTable;
  runEvents: RunEventsTable;
  conversations: ConversationsTable;
  messages: MessagesTable;
  writings: WritingsTable;
  writingPassages: WritingPassagesTable;
  writtenQuestions: WrittenQuestionsTable;
  corrections: CorrectionsTable;
}
