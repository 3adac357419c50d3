import { Sampling } from "../../preload/contract/chat/chat.ts";
import type { Handlers } from "../../preload/contract/call.ts";
import type { ConversationDetail, ConversationSummary } from "../../preload/contract/calls/conversations.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { markdownOf } from "../services/chat/as-markdown.ts";
import { chatModelOf } from "../services/chat/chat-model-name.ts";
import { originalOf } from "../services/runs/original-model.ts";
import type { ConversationRecord, Lane } from "../services/chat/conversations.ts";
import { alternativesOf, pathTo } from "../services/chat/message-tree.ts";
import { fileName } from "../services/home/file-name.ts";
import type { Services } from "../services/open.ts";
import { languageOf } from "./language.ts";
import { saveAs } from "./saving.ts";

export function conversationsHandlers({
  services,
  paths,
  desktop,
  loadedModels,
  talk,
}: Application): Handlers<(typeof contract)["conversations"]> {
  const { conversations } = services;
  const checkModels = (...references: (string | null | undefined)[]) => {
    for (const reference of references) if (reference) paths.checkModel(reference);
  };
  return {
    list: (page) => ({
      total: conversations.count(),
      conversations: summariesOf(services, conversations.list(page)),
    }),
    search: ({ text, limit }) => {
      const found = conversations.search(text, limit);
      const summaries = summariesOf(
        services,
        found.map(({ conversationId }) => conversations.get(conversationId)),
      );
      return found.map(({ snippet }, index) => ({ conversation: summaries[index]!, snippet }));
    },
    get: ({ id }) => detailOf(services, id),
    create: ({ beside, ...entry }) => {
      checkModels(entry.model, beside);
      return detailOf(services, conversations.create({ ...entry, besideModel: beside }).id);
    },
    rename: ({ id, title }) => conversations.change(id, { title }),
    configure: ({ id, beside, model, systemPrompt, sampling }) => {
      checkModels(model, beside);
      conversations.change(id, {
        ...(model === undefined ? {} : { model }),
        ...(beside === undefined ? {} : { besideModel: beside }),
        ...(systemPrompt === undefined ? {} : { systemPrompt }),
        ...(sampling === undefined ? {} : { sampling }),
      });
      return detailOf(services, id);
    },
    choose: ({ id, lane, message }) => {
      conversations.choose(id, lane as Lane, message);
      return detailOf(services, id);
    },
    save: ({ id }) => {
      const conversation = detailOf(services, id);
      const answered = conversation.lanes.flat().flatMap(({ model }) => model ?? []);
      const known = services.runs.meantBy([...new Set(answered)]);
      const nameOf = (model: string) => chatModelOf(model, known).name;
      const content = markdownOf(conversation, nameOf, languageOf(services.settings, desktop));
      const name = fileName(conversation.title, /[^\p{L}\p{N}.]+/gu, "conversation");
      return saveAs({ desktop, paths }, { name, extension: "md", content });
    },
    size: ({ id }) => ({
      ...conversations.size(id),
      corrections: services.corrections.ofConversation(id).length,
    }),
    remove: ({ id, corrections }) => talk.remove(id, corrections),
    restore: ({ id }) => ({ id: conversations.restore(id) }),
    load: ({ model }) => {
      checkModels(model);
      return loadedModels.load(model);
    },
    facts: ({ model }) => {
      checkModels(model);
      return loadedModels.facts(model);
    },
    original: ({ model }) => {
      checkModels(model);
      const original = originalOf(services.runs, model);
      return original === null ? null : chatModelOf(original, []);
    },
    loaded: () => loadedModels.all,
    unload: ({ model }) => loadedModels.free(model),
    readAhead: async (draft, onPiece, signal) => {
      checkModels(...draft.models);
      await talk.readAhead(draft, { signal, onTokens: (tokens) => onPiece({ tokens }) });
    },
    ask: async ({ id, content, passages }, onPiece, signal) => {
      await talk.ask(id, content, { passages, onPiece, signal });
      return detailOf(services, id);
    },
    regenerate: async ({ id, lane, message, continues }, onPiece, signal) => {
      await talk.regenerate(id, lane as Lane, message, { onPiece, signal, continues });
      return detailOf(services, id);
    },
    edit: async ({ id, message, content }, onPiece, signal) => {
      await talk.edit(id, message, content, { onPiece, signal });
      return detailOf(services, id);
    },
  };
}

function summariesOf({ runs }: Services, records: readonly ConversationRecord[]): ConversationSummary[] {
  const models = new Set(
    records.flatMap(({ model, besideModel }) => (besideModel === null ? [model] : [model, besideModel])),
  );
  const known = runs.meantBy([...models]);
  return records.map(({ id, title, model, besideModel, createdAt, updatedAt }) => ({
    id,
    title,
    model: chatModelOf(model, known),
    beside: besideModel === null ? null : chatModelOf(besideModel, known),
    createdAt,
    updatedAt,
  }));
}

function detailOf(services: Services, id: number): ConversationDetail {
  const { conversations, runs } = services;
  const record = conversations.get(id);
  const messages = conversations.messages(id);
  const models = [...new Set(messages.flatMap(({ model }) => model ?? []))];
  const meant = runs.meantBy(models);
  const corrections = services.corrections.ofConversation(id);
  const lanes = conversations.leaves(id).map((leaf) =>
    pathTo(messages, leaf).map((message) => ({
      ...message,
      alternatives: alternativesOf(messages, message),
      correctable: meant.some(({ id, output }) => id === message.model || output === message.model),
      correction: corrections.find((one) => one.message === message.id) ?? null,
    })),
  );
  const sampling = Sampling.safeParse(record.sampling);
  return {
    ...summariesOf(services, [record])[0]!,
    systemPrompt: record.systemPrompt,
    sampling: sampling.success ? sampling.data : Sampling.parse({}),
    lanes,
  };
}
