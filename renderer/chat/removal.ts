/** Deleting a conversation, which can be undone for a minute. */
import { UNDO_SECONDS } from "../../preload/contract/calls/conversations.ts";
import { main } from "../bridge.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { tellFailure } from "../diagnostics/tell-failure.ts";
import { failureOf } from "../messages/failures.ts";
import { bytesText } from "../messages/figures.ts";
import { t } from "../messages/index.svelte.ts";
import { router } from "../router.svelte.ts";
import { conversationList } from "./conversation-list.svelte.ts";
import { talks } from "./talks.ts";

/** Deletes a conversation and offers to undo it for as long as that is possible. Failures: those of main. */
export async function removeConversation(id: number, corrections: "keep" | "remove"): Promise<void> {
  const { messages, bytes } = await main.conversations.remove({ id, corrections });
  talks.forget(id);
  toasts.show({
    title: t.chat.removed,
    text: t.chat.removedText(messages, bytesText(bytes)),
    seconds: UNDO_SECONDS,
    action: { label: t.chat.undo, run: () => void restore(id) },
  });
  await conversationList.refresh();
  const { route } = router; // may have changed while the answer was ending
  if (route.page === "chat" && route.conversation === String(id)) router.go({ page: "chat" });
}

async function restore(removed: number): Promise<void> {
  try {
    const { id } = await main.conversations.restore({ id: removed });
    router.go({ page: "chat", conversation: String(id) });
    await conversationList.refresh();
  } catch (error) {
    tellFailure(failureOf(error));
  }
}
