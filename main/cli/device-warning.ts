import { deviceProblemText } from "../../preload/contract/words/sentence.ts";
import type { ChatEngine } from "../services/chat/chat-engine.ts";
import type { Context } from "./context.ts";

/** Reports why the processor answers although a device was requested. */
export function warnOfDevice({ terminal }: Context, { loaded }: ChatEngine): void {
  if (loaded.deviceProblem === null) return;
  const problem = deviceProblemText(loaded.deviceProblem);
  terminal.warn(`The device is unusable here, so the processor answers (${problem}).`);
  terminal.emit({ event: "device", device: loaded.device, problem });
}
