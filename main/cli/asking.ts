/** Questions to a person at a terminal. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { printable } from "./terminal.ts";

/** The answer to a question; empty if the input ends. */
function ask(question: string): Promise<string> {
  return answered(process.stdout, question);
}

/** Whether a person answers with yes; ending the input answers with no. */
export async function agrees(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(`${printable(question)} [y/N] `)).trim());
}

/** The answer to a question for a secret, which is not shown as it is typed. */
export async function askSecretly(question: string): Promise<string> {
  process.stdout.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await answered(nowhere, "");
  process.stdout.write("\n");
  return answer;
}

function answered(output: NodeJS.WritableStream, question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true });
  return new Promise((resolve) => {
    lines.once("close", () => resolve(""));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
