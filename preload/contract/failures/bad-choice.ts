/** Why a choice cannot be used: a code where it is refused, words where a person reads it. */
import type { Said } from "../../../native-models/codes.ts";
import { fail } from "../../../native-models/failure.ts";

interface Units {
  units: number;
  unit: "block" | "sublayer";
}

/** What of a settings file or of a method's settings is wrong; `problem` is null if no plan has the key. */
export interface SettingIssue {
  key: string;
  problem: string | null;
}

type RunState = "queued" | "running" | "paused" | "done" | "failed" | "cancelled";

export interface BadChoice {
  /** Of the command line alone, which says itself what is wrong. */
  option: { option: string; reason: string };

  "time-not-measured": { seconds: number };
  "speed-not-measured": { tokensPerSecond: number };
  "too-many-units": Units & { has: number };
  "healed-depth": Units & { ends: readonly number[] };
  "no-healing": Units;
  "teaching-tokens": { device: string };
  "unknown-method": { method: string; known: readonly string[] };
  "method-setting": SettingIssue & { method: string };
  "method-needs": { text: Readonly<Record<"en" | "de", string>> };
  "unknown-scorer": { scorer: string; known: readonly string[] };
  "settings-not-json": { path: string; detail: string };
  "settings-file": SettingIssue & { path: string };
  setting: { name: string; detail: string };
  "too-many-measured": { rows: number; most: number };

  "run-without-model": { run: string; state: RunState };
  "run-running": { run: string };
  "run-not-running": { run: string };
  "run-done": { run: string };
  "run-already": { run: string; state: RunState };
  "depth-not-measured": { depth: string };
  "unknown-depth": { depth: string; depths: readonly string[] };
  "no-depth": null;
  "export-type": { type: string; format: string; types: readonly string[] };
  "adapter-of-weights": null;
  /** Not carried out elsewhere: what a plan or its model has, in English. */
  "not-elsewhere": { choice: string };
  "adapter-of-part": { whole: string };
  "reciting-unfinished": null;
  "improving-unfinished": { run: string };
  "repeating-unfinished": { run: string };
  "repeating-again": { run: string };
  "improving-deleted": { run: string };
  "answer-of-no-run": null;
  "other-model": { path: string };
  "empty-prompt": null;
  "no-shape": { shape: number };
  "no-token": { id: number };
  "no-model-loaded": null;
  "no-vectors": null;

  "path-not-chosen": { path: string };
  "folder-taken": { folder: string; run: string };
  "folder-not-empty": { folder: string };
  "file-exists": { path: string };
  "handed-on": { path: string };
  "copy-inside": { folder: string };
  "second-copy": null;
  "no-home-folder": null;
  "old-report": null;

  "data-set-awaited": { name: string };
  "data-set-needed": { name: string; run: string };
  "no-passages": { name: string };
  "no-questions": { name: string };
  "no-checked-questions": { name: string };
  "no-question-rows": { name: string };
  "writing-already": { name: string };
  "only-not-in-text": null;

  "hub-address": { address: string };
  "repository-name": { name: string };
  revision: { revision: string };
  "access-token": null;
  "no-downloads": null;
  downloading: { model: string };
  "not-in-repository": { model: string; file: string };
  "removing-while-downloading": null;
  "not-downloaded": { path: string };
  "model-needed": { model: string; run: string };
  "no-update-address": null;
  "no-update": { to: "download" | "install" };
}
export type BadChoiceReason = Said<BadChoice>;

/** Throws `bad-choice`. */
export function refuseChoice(why: BadChoiceReason): never {
  fail({ code: "bad-choice", why });
}
