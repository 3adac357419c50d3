/** The time from Enter to the first word of the answer, in the window. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openServices } from "../../../main/services/open.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { openApplication } from "./harness/application.ts";
import { median } from "./harness/paired.ts";

/** About 200 tokens with the chat template. */
const WORDS = 164;
const [AT_ONCE, WRITTEN] = ["pasted, asked at once", "written, then asked"];

export const firstWord: Benchmark = {
  name: "first-word",
  timed: true,
  measures:
    `In the chat window: from Enter to the first word of the answer on the screen, for a question of ${WORDS} words in a new conversation ` +
    "with SmolLM2-135M (int8). Enter is pressed either immediately after pasting, or 2.5 s after the last letter: by then the model has read the question.",
  columns: [
    { key: "ms", title: "first word", unit: "ms" },
    { key: "tokens", title: "tokens of the prompt", unit: "number" },
  ],
  targets: [{ row: WRITTEN, column: "ms", atMost: 150 }],

  async run(context) {
    const home = mkdtempSync(join(tmpdir(), "coppice-first-word-"));
    try {
      const model = smolLm2();
      remember(home, model);
      const measured = await openApplication<Record<"atOnce" | "written" | "tokens", number[]>>(
        context,
        "open-chat.ts",
        home,
        model,
        String(WORDS),
      );
      const tokens = median(measured.tokens);
      return [
        { name: AT_ONCE, figures: { ms: median(measured.atOnce), tokens } },
        { name: WRITTEN, figures: { ms: median(measured.written), tokens } },
      ];
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

/** The window may name only a model that the person has chosen before. */
function remember(home: string, model: string): void {
  const services = openServices(home);
  try {
    services.conversations.create({ title: "Before", model, sampling: {} });
  } finally {
    services.close();
  }
}
