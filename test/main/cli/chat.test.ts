import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { converse } from "../../../main/cli/commands/chat.ts";
import { Terminal } from "../../../main/cli/terminal.ts";
import type { Talk } from "../../../main/services/chat/talk.ts";

const answer = {
  text: "Yes.",
  reason: "end",
  promptTokens: 3,
  tokens: 2,
  promptTokensPerSecond: null,
  tokensPerSecond: null,
  leftOut: 0,
} as const;

function terminalFor({ json = false, isTTY = false }) {
  const written: string[] = [];
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) };
  const terminal = new Terminal({ json, output: stream, errors: stream, environment: {} });
  return { terminal, written };
}

test("For programs, a question that is refused has an answer with its failure, and the next one is asked", async () => {
  const failure = { code: "message-too-large", what: "it", bytes: 2e6, limitBytes: 1e6 } as const;
  const source = new PassThrough();
  source.end("a very long text\nIs it?\n");
  const ask: Talk["ask"] = (_, content) =>
    content === "Is it?" ? Promise.resolve([answer]) : Promise.reject(new AppError(failure));
  const { terminal, written } = terminalFor({ json: true });
  await converse(terminal, { ask }, () => 1, { source });
  expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([
    { event: "answer", failure },
    { event: "answer", ...answer },
    { event: "done", turns: 1 },
  ]);
});

test("Ctrl-D during an answer ends the conversation after it", async () => {
  const source = new PassThrough();
  const { terminal, written } = terminalFor({ isTTY: true });
  const ask: Talk["ask"] = async () => {
    source.end();
    await new Promise((resolve) => source.once("close", resolve));
    return [answer];
  };
  source.write("Is it?\n");
  await converse(terminal, { ask }, () => 1, { source });
  expect(written.join("")).toContain("\n");
});
