import { main } from "../bridge.ts";
import { showSaved } from "../components/saved-toast.ts";
import { tellFailure } from "../diagnostics/tell-failure.ts";
import { failureOf } from "../messages/failures.ts";

/** Saves a conversation as a Markdown file where the person chooses. */
export async function saveConversation(id: number): Promise<void> {
  try {
    const path = await main.conversations.save({ id });
    if (path !== null) showSaved(path);
  } catch (error) {
    tellFailure(failureOf(error));
  }
}
