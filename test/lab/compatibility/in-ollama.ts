/** What a real Ollama makes of an export: the text that it continues, the conversations that its template writes, and its answers. */
import { chatTemplateOf, promptIds, renderChat } from "../../../native-models/chat-template.ts";
import type { ChatMessage } from "../../../native-models/chat-template.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { greedy, withChat } from "./coppice.ts";
import type { Chosen } from "./coppice.ts";
import { CONTINUED, leading, softmax } from "./program.ts";
import type { Generated, Ollama } from "./programs/ollama.ts";

/** The longest answer that is compared. */
const ANSWER_TOKENS = 64;

const of = (role: string, content: string): ChatMessage => ({ role, content });

/** The conversations whose templates are compared; the first is answered. */
const CONVERSATIONS: readonly (readonly ChatMessage[])[] = [
  [of("user", "What is the capital of France? Answer in one word.")],
  [of("system", "You are brief."), of("user", "Hello")],
  [of("user", "One"), of("assistant", "1"), of("user", "Two\nand {{ three }}?")],
];

/** Creates the model in Ollama and compares it with `written`, the same file opened here. Throws what Ollama refused. */
export async function comparedInOllama(
  ollama: Ollama,
  folder: string,
  written: OpenModel,
  text: string,
  place: string,
): Promise<string> {
  const name = "tried";
  ollama.create(name, folder);
  const { tokenizer } = written;
  const template = chatTemplateOf(tokenizer);
  const render = (messages: readonly ChatMessage[]) =>
    renderChat(template, { messages, addGenerationPrompt: true });
  return withChat(written, place, async (decoder) => {
    const ids = tokenizer.encode(text, { addBos: tokenizer.addsBos });
    const logits = (await decoder.read(ids)).slice();
    const ours = await greedy(decoder, logits, CONTINUED, tokenizer.eosIds);
    const theirs = await ollama.continued(name, text, CONTINUED);
    const difference = likeliestDifference(tokenizer, softmax(logits), theirs);

    // Ollama's tokenizer adds the beginning-of-sequence token where ours does.
    const { addsBos, bosToken } = tokenizer;
    const expected = (prompt: string) =>
      addsBos && bosToken !== null && prompt.startsWith(bosToken) ? prompt.slice(bosToken.length) : prompt;
    const templates: boolean[] = [];
    for (const messages of CONVERSATIONS) {
      const rendered = await ollama.rendered(name, messages);
      templates.push(rendered === expected(render(messages)));
    }

    const asked = promptIds(tokenizer, render(CONVERSATIONS[0]!), true);
    decoder.truncate(0);
    const first = (await decoder.read(asked)).slice();
    const answer = await greedy(decoder, first, ANSWER_TOKENS, tokenizer.eosIds);
    const answered = await ollama.chatted(name, CONVERSATIONS[0]!, ANSWER_TOKENS);
    return [
      theirs.promptTokens === ids.length
        ? null
        : `**${theirs.promptTokens} tokens instead of ${ids.length}**`,
      `probabilities ±${difference.toExponential(0)}`,
      sameTokens("text", tokenizer, ours, theirs),
      templates.every(Boolean) ? "same prompts" : "**other prompts**",
      `${sameTokens("answer", tokenizer, answer, answered)}, ended by ${answered.ended}`,
    ]
      .filter((part) => part !== null)
      .join(", ");
  });
}

/** Whether a text is that of our tokens, and if not, at which token they part. Ollama leaves out spaces around an answer. */
function sameTokens(name: string, tokenizer: Tokenizer, ours: readonly Chosen[], theirs: Generated): string {
  if (tokenizer.decode(ours.map(({ id }) => id)).trim() === theirs.text.trim()) return `same ${name}`;
  const at = ours.findIndex(({ id }, token) => tokenizer.decode([id]) !== theirs.tokens[token]);
  return at < 0 ? `**longer ${name}**` : `**another ${name}** after ${at} tokens${leading(ours[at]!.lead)}`;
}

/** The largest difference among the tokens that Ollama lists, found by their texts. */
function likeliestDifference(
  tokenizer: Tokenizer,
  probabilities: Float32Array,
  { probabilities: listed }: Generated,
): number {
  const likeliest = [...probabilities.keys()]
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
    .slice(0, 3 * listed.size);
  const ours = new Map(likeliest.map((id) => [tokenizer.decode([id]), probabilities[id]!]));
  if (listed.size === 0) return Infinity;
  return Math.max(...[...listed].map(([text, theirs]) => Math.abs(theirs - (ours.get(text) ?? 0))));
}
