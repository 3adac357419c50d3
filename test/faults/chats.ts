/** Promise 24: a chat keeps the question, and of the answer what was written down. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { openServices } from "../../main/services/open.ts";
import type { Fault } from "./fault.ts";

const script = fileURLToPath(new URL("chat-process.ts", import.meta.url));

/** What is told is written down within a second; a busy computer may take another to do it. */
const behindMs = 2000;

const Line = z.union([
  z.object({ conversation: z.number(), question: z.number(), answer: z.number() }),
  z.object({ text: z.string(), at: z.number() }),
]);

export const chats: Fault = {
  name: "chats",
  promise: 24,
  title:
    "a program killed in mid-answer keeps every question and what came of the answer, but at most its last second",
  times: { long: 100, short: 3 },
  prepare: (folder) => {
    const home = join(folder, "home");
    return Promise.resolve({
      attempt: async (random) => {
        const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, home], {
          stdio: ["ignore", "pipe", "inherit"],
          detached: true, // with its engines, a process group of its own
        });
        const closed = once(child, "close");
        const lines: z.infer<typeof Line>[] = [];
        let begun = () => {};
        const answering = new Promise<void>((resolve) => (begun = resolve));
        createInterface({ input: child.stdout }).on("line", (line) => {
          lines.push(Line.parse(JSON.parse(line)));
          if (lines.length === 2) begun();
        });
        await answering;
        await wait(random.uniform() * 3000);
        process.kill(-child.pid!, "SIGKILL");
        const killedAt = Date.now();
        await closed;

        const { conversations, close } = openServices(home);
        const asked = lines.filter((line) => "question" in line);
        const messages = asked.flatMap(({ conversation }) => conversations.messages(conversation));
        close();
        const begins = lines
          .map((line, index) => ("question" in line ? index : -1))
          .filter((index) => index >= 0);
        for (const [index, { question, answer }] of asked.entries()) {
          const pieces = lines.slice(begins[index]! + 1, begins[index + 1]).filter((line) => "text" in line);
          const textOf = (some: typeof pieces) => some.map(({ text }) => text).join("");
          const [kept, partial] = [question, answer].map((id) =>
            messages.find((message) => message.id === id)!,
          );
          assert.deepEqual([kept!.content, kept!.state], [`Question ${index + 1}?`, "done"]);
          assert.notEqual(partial!.state, "writing");
          assert.ok(
            textOf(pieces).startsWith(partial!.content) || partial!.content.startsWith(textOf(pieces)),
          );
          const old = textOf(pieces.filter(({ at }) => at < killedAt - behindMs));
          assert.ok(
            partial!.content.startsWith(old),
            `${partial!.content.length} of ${old.length} characters are left`,
          );
        }
        const [told, stored] = [lines.filter((line) => "text" in line), messages.at(-1)!];
        return `${asked.length} questions, ${told.length} pieces told, ${stored.content.length} characters of the last answer`;
      },
    });
  },
};
