/** The product's chat model that answers with and without drafts. */
import { openChat } from "../../../../main/trimming/chat/chat-model.ts";
import { chatTemplateOf, promptIds, renderChat } from "../../../../native-models/chat-template.ts";
import { DraftGate } from "../../../../native-models/inference/draft-gate.ts";
import type { Draft } from "../../../../native-models/inference/lookup.ts";
import { Together } from "../../../../native-models/inference/together.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { OpenLookup } from "../lookup.ts";
import { chatFolderFor } from "./decode.ts";

const NEVER = new (class extends DraftGate {
  override lengthOf(): number {
    return 0;
  }
})();

/** The product's gate, which also counts. */
class CountingGate extends DraftGate {
  readonly passes: [tokens: number, ms: number][] = [];
  checked = 0;
  right = 0;
  #isChecked = false;

  override measured(tokens: number, ms: number): void {
    super.measured(tokens, ms);
    this.passes.push([tokens, ms]);
    this.checked += tokens - 1;
    this.#isChecked = tokens > 1;
  }

  override saw(draft: Draft, isRight: boolean): void {
    super.saw(draft, isRight);
    if (this.#isChecked && isRight) this.right++;
  }
}

export const open: OpenLookup = async ({ modelPath, precision, threads }) => {
  const model = await openModel(modelPath);
  const { folder } = await chatFolderFor(model, modelPath, precision);
  const decoder = await openChat(model, folder, threads);
  const { tokenizer } = model;
  const template = chatTemplateOf(tokenizer);
  const togetherBy = (gate: DraftGate) => {
    const how = { room: { rows: 1, tokens: Infinity }, yieldToEventLoop: () => Promise.resolve(), gate };
    return new Together(decoder, tokenizer, how);
  };
  const without = togetherBy(NEVER);
  let gate = new CountingGate();
  let drafting = togetherBy(gate);
  return {
    begin: async () => {
      gate = new CountingGate();
      drafting = togetherBy(gate);
      return Promise.resolve();
    },
    idsOf: (content) => {
      const messages = [{ role: "user", content }];
      const text = renderChat(template, { messages, addGenerationPrompt: true });
      return Promise.resolve(promptIds(tokenizer, text, template.source !== null));
    },
    answer: async ({ prompt, tokens: maxTokens, temperature, drafts }) => {
      const shape = { topK: 0, topP: 1, repetitionPenalty: 1, seed: 1, stop: [], endIds: tokenizer.eosIds };
      const options = { temperature, maxTokens, ...shape };
      let text = "";
      const onText = (piece: string) => void (text += piece);
      const following = { onText, cancelled: () => false, isUrgent: true };
      const answer = await (drafts ? drafting : without).answer({ prompt, options }, following);
      return { text, tokens: answer.tokens, tokensPerSecond: answer.tokensPerSecond };
    },
    counted: () => Promise.resolve({ checked: gate.checked, right: gate.right, passes: gate.passes }),
  };
};
