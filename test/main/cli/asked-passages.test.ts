import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDataset } from "../../../main/documents/dataset.ts";
import type { ConversationRecord } from "../../../main/services/chat/conversations.ts";
import { openServices } from "../../../main/services/open.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./command.ts";

const DOGS = "Dogs need the consent of the landlord, which is given for three years at a time.";
const RENT = "Rent is paid by the third working day of each month, to the account of the landlord.";

const section = (title: string, text: string) => `# ${title}\n\n${text}\n${`${text} `.repeat(14)}`;
/** More than a data set needs, so that every split has some. */
const others = Array.from({ length: 48 }, (_, i) => {
  const thing = `${["roof", "gutter", "stairs", "cellar", "window", "heating"][i % 6]!}${String.fromCharCode(97 + (i >> 1))}`;
  return section(
    `The ${thing}`,
    `The tenant looks after the ${thing} in year ${i}, and pays for ${thing} ${i + 50}.`,
  );
});

/** A document of passages, each under its heading. */
function writeLease(...more: string[]): string {
  const path = join(temporaryFolder(), "lease.md");
  writeFileSync(path, [section("Animals", DOGS), section("Payment", RENT), ...more].join("\n\n"));
  return path;
}

test("Passages with words of a question are put before it in a conversation, and named below its answer", async () => {
  const home = temporaryFolder();
  const chat = [
    "chat",
    "--model",
    "sample",
    "--passages-from",
    writeLease(),
    "--passages",
    "1",
    "--max-tokens",
    "2",
  ];
  const input = "May I keep dogs?\nWhere is Oslo?\n";
  const { errors } = await coppice(home, chat, { input });
  expect(errors.split("\n")).toEqual([
    "Passages: lease.md, line 1.",
    "No passage has words of this question, so it was asked without one.",
    "",
  ]);
  const services = openServices(home);
  const [{ id, title }] = services.conversations.list() as [ConversationRecord];
  const asked = services.conversations.messages(id).filter(({ role }) => role === "user");
  services.close();
  expect(title).toBe("May I keep dogs?");
  expect(asked.map(({ content }) => content)).toEqual(["May I keep dogs?", "Where is Oslo?"]);
  expect(asked[0]!.passages).toEqual([
    expect.objectContaining({ text: expect.stringMatching(/^# Animals\n\nDogs need/) as string, place: 1 }),
  ]);
  expect(asked[1]!.passages).toBe(null);
});

test("Passages of a data set are put before a prompt, and given to programs", async () => {
  const home = temporaryFolder();
  const services = openServices(home);
  const folder = join(services.home.datasets, "abc");
  const report = await readDataset({ data: [writeLease(...others)], out: folder, seed: 1 });
  services.datasets.remember({ folder, name: "lease", report });
  services.close();
  const generate = (...more: string[]) =>
    coppice(home, [
      ...["generate", "--model", "sample", "--prompt", "When is rent paid?", "--max-tokens", "1", "--json"],
      ...more,
    ]);
  const [alone, after] = [await generate(), await generate("--passages-from", "lease")];
  const [first] = after.events;
  expect(first).toEqual({
    event: "passages",
    passages: [
      {
        document: "lease.md",
        place: expect.any(Number) as number,
        text: expect.stringContaining(RENT) as string,
      },
    ],
  });
  const tokens = ({ events }: typeof alone) => events.at(-1)!.promptTokens as number;
  expect(tokens(after)).toBeGreaterThan(tokens(alone) + 20);
});

test("Each of many prompts has its own passages, and its answer their places", async () => {
  const prompts = join(temporaryFolder(), "prompts.jsonl");
  const asked = ["When is rent paid?", "Where is Oslo?", "May I keep dogs?"];
  writeFileSync(prompts, asked.map((prompt) => JSON.stringify({ id: "same", prompt })).join("\n"));
  const home = temporaryFolder();
  const generate = (...more: string[]) =>
    coppice(home, [
      ...["generate", "--model", "sample", "--prompts", prompts, "--max-tokens", "1"],
      ...["--passages-from", writeLease(), "--passages", "1", ...more],
    ]);
  const { output } = await generate();
  const printed = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; passages: string[] });
  expect(printed.map(({ id }) => id)).toEqual(["same", "same", "same"]);
  expect(printed.map(({ passages }) => passages.join()).sort()).toEqual([
    "",
    "lease.md, line 1",
    "lease.md, line 6",
  ]);
  const { events } = await generate("--json");
  const tokens = new Map(
    events.flatMap(({ event, passages, promptTokens }) =>
      event === "answer"
        ? [[(passages as { text: string }[])[0]?.text.slice(0, 9), promptTokens as number]]
        : [],
    ) as [string | undefined, number][],
  );
  expect([...tokens.keys()].sort()).toEqual(["# Animals", "# Payment", undefined]);
  for (const place of ["# Animals", "# Payment"])
    expect(tokens.get(place)).toBeGreaterThan(tokens.get(undefined)! + 20);
});

test("A place without passages is refused before a model is loaded", async () => {
  const path = join(temporaryFolder(), "a.jsonl");
  writeFileSync(path, '{"prompt": "When is rent paid?", "completion": "Monthly."}\n');
  const { code, errors } = await coppice(temporaryFolder(), [
    ...["chat", "--model", "sample", "--passages-from", path],
  ]);
  expect(code).toBe(1);
  expect(errors).toContain("has no passages of text");
});
