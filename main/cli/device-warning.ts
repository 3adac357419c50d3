import { deviceProblemText } from "../../preload/contract/sentence.ts";
import type { ChatEngine } from "../services/chat/chat-engine.ts";
import type { Context } from "./context.ts";

/** Says why the processor answers where a device was asked for. */
export function warnOfDevice({ terminal }: Context, { loaded }: ChatEngine): void {
  if (loaded.deviceProblem === null) return;
  const problem = deviceProblemText(loaded.deviceProblem);
  terminal.warn(`The device cannot answer here, so the processor does (${problem}).`);
  terminal.tell({ event: "device", device: loaded.device, problem });
}
