import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readHolder } from "../../../main/home/folder-lock.ts";
import { takeWriterLock } from "../../../main/home/writer-lock.ts";
import { handOver, takeCommands } from "../../../main/home/writer-socket.ts";
import type { HandedCommand } from "../../../main/home/writer-socket.ts";
import { AppError } from "../../../native-models/failure.ts";
import { DocumentChoices } from "../../../preload/contract/data/data.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const resume: HandedCommand = { command: "resume", id: "run-1" };

/** A home that this process writes and takes commands for; those that came. */
async function listening(answer = (_command: HandedCommand) => Promise.resolve("run-1")) {
  const folder = temporaryFolder();
  const lock = takeWriterLock(folder, 0);
  const came: HandedCommand[] = [];
  const commands = takeCommands(folder, (command) => {
    came.push(command);
    return answer(command);
  });
  onTestFinished(() => {
    commands.close();
    lock.release();
  });
  const socket = await vi.waitUntil(() => readHolder(folder, "writer")?.socket);
  return { folder, came, socket, commands };
}

/** What the socket says to `text`; empty if it hangs up. */
function said(path: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const connection = connect(path, () => connection.write(text));
    connection.on("error", () => {});
    connection.on("data", (chunk) => (answer += String(chunk)));
    connection.on("close", () => resolve(answer));
  });
}

describe("A writer that takes commands", () => {
  test("answers with the run, or with the failure", async () => {
    const { folder, came } = await listening(({ command }) =>
      command === "resume"
        ? Promise.resolve("run-1")
        : Promise.reject(new AppError({ code: "unknown-run", run: "run-2" })),
    );
    expect(await handOver(folder, resume)).toBe("run-1");
    const request = {
      model: { path: "/model", name: "model" },
      sources: {
        data: ["/data"],
        valid: [],
        test: [],
        offDomain: [],
        excluded: [],
        mappings: {},
        documents: DocumentChoices.parse({}),
        ocr: false,
      },
      patch: { trim: { keep: { fraction: 0.5 } } },
      probe: null,
      output: "/out",
    };
    await expect(handOver(folder, { command: "trim", request })).rejects.toMatchObject({
      failure: { code: "unknown-run", run: "run-2" },
    });
    expect(came).toEqual([resume, { command: "trim", request }]);
  });

  test.each([
    [
      "another token",
      (token: string) => ({ token: token.replace(/^./, (c) => (c === "0" ? "1" : "0")), command: resume }),
    ],
    ["no token", () => ({ command: resume })],
    [
      "a command that there is not",
      (token: string) => ({ token, command: { command: "erase", id: "run-1" } }),
    ],
    ["a command in a wrong form", (token: string) => ({ token, command: { command: "resume", id: 7 } })],
    ["no JSON", () => "hello"],
    [
      "more than a message may be",
      (token: string) => ({ token, command: { ...resume, id: "x".repeat(1_100_000) } }),
    ],
  ])("hangs up at %s", async (_, message) => {
    const { came, socket } = await listening();
    expect(await said(socket.path, `${JSON.stringify(message(socket.token))}\n`)).toBe("");
    expect(came).toEqual([]);
  });

  test.skipIf(process.platform === "win32")("is named for its own account alone", async () => {
    const { folder, socket } = await listening();
    expect(statSync(join(folder, "writer.json")).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socket.path)).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(folder, "writer.json"), "utf8"))).toEqual({
      processId: process.pid,
      socket: { path: expect.any(String), token: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  test("refuses commands once it is closed, or if it never listened", async () => {
    const { folder, commands } = await listening();
    commands.close();
    expect(await handOver(folder, resume)).toBeNull();
    expect(await handOver(temporaryFolder(), resume)).toBeNull();
  });
});
