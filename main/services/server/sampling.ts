/** What both interfaces ask of sampling. Without a temperature, the most likely token is chosen, as everywhere in Coppice. */
import { randomInt } from "node:crypto";
import { z } from "zod";
import type { AnswerShape } from "../../../preload/contract/chat/chat.ts";
import type { SamplingChoices } from "../chat/chat-engine.ts";

/** An answer's maximum length unless a program sets one; the context may end it before. */
export const DEFAULT_TOKENS = 4096;

export const Temperature = z.number().min(0).max(10).nullish();
/** 0, which some programs send, means the most likely token alone. */
export const TopP = z.number().min(0).max(1).nullish();
export const Stop = z
  .union([z.string(), z.array(z.string().max(1000)).max(16)])
  .nullish()
  .transform((stop) => [stop ?? []].flat().filter((text) => text !== ""));

/** JSON without a schema, as both interfaces can ask for it. */
export const ANY_OBJECT: AnswerShape = { kind: "json-schema", schema: { type: "object" } };

interface Chosen {
  readonly temperature?: number | null | undefined;
  readonly topP?: number | null | undefined;
  readonly topK?: number | null | undefined;
  readonly repetitionPenalty?: number | null | undefined;
  readonly seed?: number | null | undefined;
  readonly stop: string[];
  readonly maxTokens: number;
}

/** In the engine's form; without a seed, a random one. */
export function samplingOf({
  temperature,
  topP,
  topK,
  repetitionPenalty,
  seed,
  ...rest
}: Chosen): SamplingChoices {
  return {
    temperature: temperature ?? 0,
    topP: topP === 0 ? 1 : (topP ?? 1),
    topK: topP === 0 ? 1 : (topK ?? 0),
    repetitionPenalty: repetitionPenalty ?? 1,
    seed: seed ?? randomInt(2 ** 31),
    ...rest,
  };
}
