import type { Writing } from "../../preload/contract/questions/written-questions.ts";
import { t } from "../messages/index.svelte.ts";
import { thrownCount, thrownReasons } from "./writings.svelte.ts";

/** What to say of a writing without questions: that they will come, or why none was usable. */
export function noneYet(writing: Writing): { title: string; text: string } {
  const [most] = thrownReasons(writing);
  if (!most) return { title: t.questions.noneTitle, text: t.questions.noneText };
  const all = thrownCount(writing);
  return {
    title: t.questions.noneUsable(all, writing.state === "done"),
    text: t.questions.noneBecause(t.questions.thrown[most.reason], most.count, all),
  };
}
