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

/** Text is on disk within a second after it is reported; a busy computer may take another second. */
const behindMs = 2000;

const Asked = z.object({ conversation: z.number(), question: z.number(), answer: z.number() });
type Asked = z.infer<typeof Asked>;
const Piece = z.object({ text: z.string(), at: z.number() });
type Piece = z.infer<typeof Piece>;
const Line = z.union([Asked, Piece]);

export const chats: Fault = {
  name: "chats",
  promise: 24,
  title:
    "a program killed in mid-answer keeps every question and what came of the answer, but at most its last second",
  times: { long: 100, short: 3 },
  prepare: (folder) => {
    const home = join(folder, "home");
    return {
      attempt: async (random) => {
        const { asked, killedAt } = await killedWhileChatting(home, random.uniform() * 3000);
        const { conversations, close } = openServices(home);
        const messages = asked.flatMap(({ conversation }) => conversations.messages(conversation));
        close();
        for (const [index, { question, answer, pieces }] of asked.entries()) {
          const [kept, partial] = [question, answer].map((id) =>
            messages.find((message) => message.id === id)!,
          );
          assert.deepEqual([kept!.content, kept!.state], [`Question ${index + 1}?`, "done"]);
          assert.notEqual(partial!.state, "writing");
          const told = textOf(pieces);
          assert.ok(told.startsWith(partial!.content) || partial!.content.startsWith(told));
          const old = textOf(pieces.filter(({ at }) => at < killedAt - behindMs));
          assert.ok(
            partial!.content.startsWith(old),
            `${partial!.content.length} of ${old.length} characters are left`,
          );
        }
        const [told, stored] = [asked.flatMap(({ pieces }) => pieces), messages.at(-1)!];
        return `${asked.length} questions, ${told.length} pieces told, ${stored.content.length} characters of the last answer`;
      },
    };
  },
};

const textOf = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join("");

/** Starts the program and kills it with its engines, `afterMs` after the first piece of an answer; returns all its reports. */
async function killedWhileChatting(home: string, afterMs: number) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, home], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // with its engines, a process group of its own
  });
  const closed = once(child, "close");
  const asked: (Asked & { readonly pieces: Piece[] })[] = [];
  await new Promise<void>((answering) =>
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = Line.parse(JSON.parse(text));
      if ("question" in line) asked.push({ ...line, pieces: [] });
      else {
        asked.at(-1)!.pieces.push(line);
        answering();
      }
    }),
  );
  await wait(afterMs);
  process.kill(-child.pid!, "SIGKILL");
  const killedAt = Date.now();
  await closed;
  return { asked, killedAt };
}
