/** The vocabulary of a plan's run: which of a model's tokens its field needs, chosen once and kept in the run's folder. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { chatTemplateOf, promptIds, renderChat } from "../../../native-models/chat-template.ts";
import type { ChatMessage } from "../../../native-models/chat-template.ts";
import { AppError, fail } from "../../../native-models/failure.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { keptTokens } from "../../../native-models/tokenizer/kept-tokens.ts";
import { namedIds, withVocabulary } from "../../../native-models/vocabulary.ts";
import { keptVocabulary } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { evaluationRows } from "../evaluation/evaluate.ts";
import { trainingRows } from "../rows/rows.ts";
import { readPlanned } from "./planned-data.ts";
import type { PlannedData } from "./planned-data.ts";

const FILE = "vocabulary.json";
const Kept = z.array(z.number().int().nonnegative()).min(1);

/**
 * The model that a plan trains: with its file's vocabulary, or with the one stored in `runFolder`, which is chosen now if there is none.
 * Without a folder, the choice is not stored. Throws `corrupt-file`, `unsuited-model`, and the errors of reading the data.
 */
export async function plannedModel(
  model: OpenModel,
  plan: TrimPlan,
  runFolder: string | null,
): Promise<OpenModel> {
  if (plan.vocabulary === undefined) return model;
  const path = runFolder === null ? null : join(runFolder, FILE);
  if (path !== null && existsSync(path)) return withVocabulary(model, readKept(path, model));
  const kept = fieldTokens(model, plan);
  if (path !== null) await writeFileAtomic(path, `${JSON.stringify([...kept])}\n`);
  return withVocabulary(model, kept);
}

function readKept(path: string, { config }: OpenModel): Int32Array {
  const corrupt = (reason: string) => fail({ code: "corrupt-file", path, section: "vocabulary", reason });
  let kept: number[];
  try {
    kept = Kept.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return corrupt("it is no list of tokens");
  }
  const isAscending = kept.every((id, index) => index === 0 || id > kept[index - 1]!);
  if (!isAscending || kept.at(-1)! >= config.vocabularySize) corrupt("its tokens are not the model's");
  return Int32Array.from(kept);
}

function fieldTokens(model: OpenModel, plan: TrimPlan): Int32Array {
  const { tokenizer } = model;
  const used = [...namedIds(model), ...templateIds(tokenizer), ...idsOf(tokenizer, readPlanned(plan))];
  return keptTokens(tokenizer, used, keptVocabulary(plan.vocabulary, tokenizer.vocabularySize));
}

/** The ids of the texts that a run trains on and chooses by; test rows are not read. */
function idsOf(tokenizer: Tokenizer, { train, valid, style }: PlannedData): Set<number> {
  const ids = new Set<number>();
  const whole = Infinity; // rows are not shortened
  const rows = [
    ...trainingRows(tokenizer, train, whole),
    ...evaluationRows(tokenizer, valid, style, whole).rows,
  ];
  for (const row of rows) for (const id of [...row.ids, ...(row.alternatives ?? [])]) ids.add(id);
  return ids;
}

const CONVERSATIONS: readonly (readonly string[])[] = [
  ["user", "assistant", "user"],
  ["system", "user", "assistant", "user"],
];

/** The ids that a model's chat template writes around messages. */
function templateIds(tokenizer: Tokenizer): number[] {
  const template = chatTemplateOf(tokenizer);
  return CONVERSATIONS.flatMap((roles) => {
    const messages: ChatMessage[] = roles.map((role) => ({ role, content: role }));
    try {
      const text = renderChat(template, { messages, addGenerationPrompt: true });
      return promptIds(tokenizer, text, template.source !== null);
    } catch (error) {
      if (error instanceof AppError) return []; // such as a template without system messages
      throw error;
    }
  });
}
