/** The shipped application on a terminal, beside the repository's command line: the same words, figures and bytes. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { coppice } from "../../main/cli/command.ts";
import { tinyTrim } from "../../main/cli/tiny-trim.ts";
import { doneOf, figuresOf, onlyRun, weightsOf } from "../../main/cli/trimmed.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { terminal } from "./shipped.ts";

test.each([
  ["its help", ["--help"]],
  ["the help of a command", ["trim", "--help"]],
  ["its version", ["--version"]],
  ["wrong usage", ["trimm", "--model", "sample"]],
  ["what is not there", ["inspect", "nothing.gguf", "--json"]],
  ["runs before there are any", ["runs"]],
])("without a display and without Node it tells %s as the repository does", async (_, args) => {
  const { start, usedNode } = terminal();
  const [packaged, repository] = await Promise.all([start(args).ended, coppice(temporaryFolder(), args)]);
  expect(packaged).toEqual(repository);
  expect(usedNode()).toBe(false);
});

test("a trim gives the same weights and figures as from the sources, and its model gives the same answers", async () => {
  const { home, start, usedNode } = terminal();
  const { folder, model, trim } = await tinyTrim(temporaryFolder());
  const other = join(folder, "other");
  expect((await start(["inspect", model]).ended).output).toBe(
    (await coppice(other, ["inspect", model])).output,
  );

  const ended = await start(trim).ended;
  const expected = await coppice(other, trim);
  expect([ended.code, ended.errors]).toEqual([0, ""]);
  const [done, expectedDone] = [doneOf(ended), doneOf(expected)];
  expect(figuresOf(done)).toEqual(figuresOf(expectedDone));
  expect(weightsOf(done)).toEqual(weightsOf(expectedDone));

  const generate = ["generate", "--prompt", "Is item 3", "--max-tokens", "12", "--json", "--model"];
  const text = async (from: ReturnType<typeof coppice>) =>
    (await from).events.map((event) => (event.event === "text" ? event["text"] : "")).join("");
  const answer = await text(start([...generate, onlyRun(home).id]).ended);
  expect(answer).not.toBe("");
  expect(answer).toBe(await text(coppice(other, [...generate, onlyRun(other).id])));
  expect(usedNode()).toBe(false);
});

test("Ctrl-C saves a run, which resumes to the same weights as from the sources", async () => {
  const { start } = terminal();
  const { folder, trim } = await tinyTrim(temporaryFolder());
  const first = start(trim);
  await first.event(({ event }) => event === "step");
  process.kill(-first.process.pid!, "SIGINT"); // as a terminal does: to all processes of the command
  const paused = await first.ended;
  expect(paused.code).toBe(130);
  const [, id] = /^Paused at [\d.]+%\. .*"coppice resume ([^"]+)" to continue\.\n$/.exec(paused.errors) ?? [];
  const resumed = doneOf(await start(["resume", id!, "--json"]).ended);
  expect(weightsOf(resumed)).toEqual(weightsOf(doneOf(await coppice(join(folder, "other"), trim))));
});

test("a trim goes on if its reader closes the pipe early", async () => {
  const { start } = terminal();
  const { trim } = await tinyTrim(temporaryFolder());
  const trimming = start(trim);
  await trimming.event(({ event }) => event === "phase");
  trimming.process.stdout!.destroy();
  const { code, errors } = await trimming.ended;
  expect([code, errors]).toEqual([0, ""]);
  const { events } = await start(["runs", "--json"]).ended;
  expect(events[0]!["runs"]).toMatchObject([{ state: "done" }]);
});

test("Ctrl-C stops a measurement, and with nothing to stop it ends the command as a shell expects", async () => {
  const { start } = terminal();
  const data = fileURLToPath(new URL("../../../native-models/sample/data/test.jsonl", import.meta.url));
  const measuring = start(["evaluate", "--model", "sample", "--test", data, "--json"]);
  await measuring.event(({ event }) => event === "progress");
  process.kill(-measuring.process.pid!, "SIGINT");
  const measured = await measuring.ended;
  expect([measured.code, measured.errors]).toEqual([130, "Stopped. Nothing was measured.\n"]);

  const chatting = start(["chat", "--model", "sample", "--max-tokens", "8", "--json"], null);
  chatting.process.stdin!.write("May the hirer sublet it?\n");
  await chatting.event(({ event }) => event === "answer");
  process.kill(-chatting.process.pid!, "SIGINT");
  const chatted = await chatting.ended;
  expect([chatted.code, chatted.errors]).toEqual([130, ""]);
});

test("a conversation is read from standard input", async () => {
  const { start } = terminal();
  const args = ["chat", "--model", "sample", "--max-tokens", "8"];
  const turns = "May the hirer sublet it?\nWho pays for repairs?\n";
  const { code, output, errors } = await start(args, turns).ended;
  expect([code, errors]).toEqual([0, ""]);
  expect(output).toBe((await coppice(temporaryFolder(), args, { input: turns })).output);
  expect(output).toMatch(/\S/);
});
