import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Application } from "../../../main/application.ts";
import { conversationsHandlers } from "../../../main/handlers/conversations.ts";
import { PermittedPaths } from "../../../main/permitted-paths.ts";
import { servicesForTest } from "../services/services.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A conversation side by side, whose second model has thought first, and what saves it. */
function talked() {
  const services = servicesForTest();
  const { conversations } = services;
  const { id } = conversations.create({
    title: "Deposit: how much?",
    model: "/m/first.gguf",
    besideModel: "/m/second.gguf",
    systemPrompt: "Be brief.",
    sampling: {},
  });
  const asked = conversations.ask(id, { role: "user", content: "How much?\n\nIn euros." }, null);
  const answers = ["**300** euros.", "<think>Clause 2.</think>\n\n300."];
  for (const [lane, model] of ["/m/first.gguf", "/m/second.gguf"].entries()) {
    const answer = conversations.startAnswer(id, asked, model);
    conversations.endAnswer(answer, {
      content: answers[lane]!,
      state: "done",
      tokens: 5,
      tokensPerSecond: 9,
    });
    conversations.choose(id, lane as 0 | 1, answer);
  }
  const suggested: string[] = [];
  const path = join(temporaryFolder(), "saved.md");
  const desktop = {
    state: () => ({ languages: ["en"] }),
    chooseSave: (name: string) => Promise.resolve(suggested.push(name) > 1 ? null : path),
  };
  const application = { services, desktop, paths: new PermittedPaths(services) } as unknown as Application;
  return { save: () => conversationsHandlers(application).save({ id }), suggested, path };
}

test("A conversation is saved as Markdown where the person chose", async () => {
  const { save, suggested, path } = talked();
  expect(await save()).toBe(path);
  expect(suggested).toEqual(["Deposit-how-much.md"]);
  const question = "> How much?\n>\n> In euros.";
  expect(readFileSync(path, "utf8")).toBe(
    `# Deposit: how much?\n\n**Instruction:** Be brief.\n\n## first\n\n${question}\n\n**first**\n\n**300** euros.\n\n## second\n\n${question}\n\n**second**\n\n300.\n`,
  );
  expect(await save()).toBeNull();
});
