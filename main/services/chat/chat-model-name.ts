import type { ChatModel } from "../../../preload/contract/calls/conversations.ts";
import type { RunSummary } from "../../../preload/contract/calls/runs.ts";
import { nameOfPath } from "../models/model-reference.ts";
import { sample, sampleName } from "../models/sample.ts";

/** The name of a conversation's model, even of one that no longer exists. */
export function chatModelOf(
  reference: string,
  runs: readonly Pick<RunSummary, "id" | "name" | "output">[],
): ChatModel {
  const run = runs.find(({ id, output }) => id === reference || output === reference);
  if (run) return { reference, name: run.name };
  const isSample = reference === sampleName || reference === sample.model;
  return { reference, name: isSample ? sampleName : nameOfPath(reference) };
}
