import { readFileSync, readdirSync, statSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../../../main/database/open.ts";
import { Conversations } from "../../../../main/services/chat/conversations.ts";
import { openServices } from "../../../../main/services/open.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

const user = (content: string) => ({ role: "user", content }) as const;

function conversation(conversations: Conversations, title: string, ...contents: string[]): number {
  const { id } = conversations.create({ title, model: "sample", sampling: {} });
  let parent: number | null = null;
  for (const content of contents) parent = conversations.ask(id, user(content), parent);
  return id;
}

describe("a search", () => {
  test("finds words by prefix, ignoring case and accents", () => {
    const { conversations } = servicesForTest();
    const lease = conversation(conversations, "Lease", "May the café sublet the cellar?");
    conversation(conversations, "Other", "Nothing of that kind.");
    const ids = (text: string) => conversations.search(text, 10).map(({ conversationId }) => conversationId);
    for (const text of ["sub", "SUBLET", "cafe", "CAFÉ cell", "  the   ce "])
      expect(ids(text)).toEqual([lease]);
    expect(ids("sublet nowhere")).toEqual([]);
    expect(ids("ublet")).toEqual([]);
  });

  test("finds what is within clauses of a language without spaces", () => {
    const { conversations } = servicesForTest();
    const lease = conversation(conversations, "契約", "賃貸借契約は三月末で終了します。");
    const titled = conversation(conversations, "賃貸借の終了", "はい。");
    const ids = (text: string) => conversations.search(text, 10).map(({ conversationId }) => conversationId);
    expect(ids("終了")).toEqual([lease, titled]);
    expect(ids("三月 契約")).toEqual([lease]);
    expect(ids("四月")).toEqual([]);
    expect(conversations.search("三月末", 10)[0]!.snippet).toEqual([
      { text: "賃貸借契約は", match: false },
      { text: "三月末", match: true },
      { text: "で終了します。", match: false },
    ]);
  });

  test("marks its matches as data, and leaves markup as text", () => {
    const { conversations } = servicesForTest();
    conversation(conversations, "Markup", `Before <b onclick="x()">sublet</b> after`);
    expect(conversations.search("subl", 10)[0]!.snippet).toEqual([
      { text: 'Before <b onclick="x()">', match: false },
      { text: "sublet", match: true },
      { text: "</b> after", match: false },
    ]);
  });

  test("gives each conversation once, the one with the newest match first, then titles", () => {
    const { conversations } = servicesForTest();
    const titled = conversation(conversations, "Rent and repair", "Something else.");
    const first = conversation(conversations, "A", "rent", "more rent");
    const second = conversation(conversations, "B", "rent");
    const found = conversations.search("rent", 10);
    expect(found.map(({ conversationId }) => conversationId)).toEqual([second, first, titled]);
    expect(found[2]!.snippet).toEqual([]);
    expect(conversations.search("rent", 1)).toHaveLength(1);
  });

  test("finds a conversation behind another one with thousands of matches", () => {
    const { conversations } = servicesForTest();
    const older = conversation(conversations, "A", "rent");
    const newer = conversation(conversations, "B");
    conversations.together(() => {
      for (let message = 0; message < 2001; message++) conversations.ask(newer, user("rent"));
    });
    expect(conversations.search("rent", 10).map(({ conversationId }) => conversationId)).toEqual([
      newer,
      older,
    ]);
  });

  test.each([
    ["nothing", ""],
    ["blanks", " \t\n"],
    ["a quotation mark", '"'],
    ["an open phrase", '"sublet'],
    ["operators", "AND OR NOT NEAR"],
    ["an operator between", "sublet OR"],
    ["NEAR", "NEAR(sublet cellar, 2)"],
    ["a column", "content: sublet"],
    ["a caret and a star", "^sublet* *"],
    ["brackets", "((sublet) - {cellar}"],
    ["SQL", "'; drop table messages; --"],
    ["a zero byte", "sub\u0000let"],
    ["half a surrogate", "sublet \ud800"],
    ["signs alone", "+-*/\\%_?@#$"],
    ["thousands of words", "sublet ".repeat(5000)],
    ["one very long word", "a".repeat(100_000)],
    ["other scripts", "договор 契約 עברית"],
  ])("takes %s for words, whatever they mean to the index", (_, text) => {
    const { conversations } = servicesForTest();
    conversation(conversations, "Lease", "May the tenant sublet the cellar? OR NOT");
    expect(Array.isArray(conversations.search(text, 10))).toBe(true);
    expect(conversations.search("sublet", 10)).toHaveLength(1);
  });

  test("finds the latest text of an answer", () => {
    const { conversations } = servicesForTest();
    const { id } = conversations.create({ title: "T", model: "sample", sampling: {} });
    const answer = conversations.startAnswer(id, conversations.ask(id, user("Hm?")), "sample");
    conversations.endAnswer(answer, { content: "preliminary", state: "done", tokens: 1, tokensPerSecond: 1 });
    conversations.endAnswer(answer, { content: "conclusive", state: "done", tokens: 1, tokensPerSecond: 1 });
    expect(conversations.search("preliminary", 10)).toEqual([]);
    expect(conversations.search("conclusive", 10)).toHaveLength(1);
  });
});

test("an answer is found once it has ended, also by the end of its program", () => {
  const folder = temporaryFolder();
  const before = openServices(folder);
  const { id } = before.conversations.create({ title: "T", model: "sample", sampling: {} });
  const question = before.conversations.ask(id, user("Hm?"));
  before.conversations.continueAnswer(before.conversations.startAnswer(id, question, "sample"), "sublet");
  before.conversations.close();
  expect(before.conversations.search("sublet", 10)).toEqual([]);
  before.close();
  expect(servicesForTest(folder).conversations.search("sublet", 10)).toHaveLength(1);
});

describe("a deleted conversation", () => {
  test("is in no file of the home, open or closed", () => {
    const folder = temporaryFolder();
    const services = openServices(folder);
    const { conversations } = services;
    const word = "Zwetschgenkompott";
    const { id } = conversations.create({
      title: `${word} in a title`,
      model: "sample",
      systemPrompt: `${word} in an instruction`,
      sampling: {},
    });
    const other = conversation(conversations, "Stays", "This one stays: Apfelmus.");
    const asked = conversations.ask(id, user(`${word} ${"in a long question. ".repeat(500)}`));
    const answer = conversations.startAnswer(id, asked, "sample");
    for (let part = 1; part <= 5; part++) {
      conversations.continueAnswer(answer, `${word} `.repeat(part * 100));
      conversations.close(); // written now, not within a second
    }
    const content = `${word} `.repeat(600);
    conversations.endAnswer(answer, { content, state: "done", tokens: 6, tokensPerSecond: 1 });
    mkdirSync(join(folder, "backups"), { recursive: true });
    writeFileSync(join(folder, "backups", "version-1.db"), `a copy from before a migration: ${word}`);
    expect(conversations.search(word, 10)).toHaveLength(1);
    expect(filesWith(folder, word)).not.toEqual([]);

    conversations.remove(id);
    expect(filesWith(folder, word)).toEqual([]);
    expect(conversations.search(word, 10)).toEqual([]);
    expect(conversations.search("Apfelmus", 10)).toMatchObject([{ conversationId: other }]);
    services.close();
    expect(filesWith(folder, word)).toEqual([]);
    // The index writes words in small letters.
    expect(filesWith(folder, word.toLowerCase())).toEqual([]);
  });

  test("can be restored with every message, answer and position, even if its id has been reused", () => {
    const { conversations } = servicesForTest();
    const { id } = conversations.create({ title: "Plums", model: "sample", sampling: { seed: 7 } });
    const asked = conversations.ask(id, user("Zwetschgen?"));
    const answers = ["one", "another"].map((content) => {
      const answer = conversations.startAnswer(id, asked, "sample");
      conversations.endAnswer(answer, { content, state: "done", tokens: 1, tokensPerSecond: 1 });
      return answer;
    });
    conversations.choose(id, 0, answers[0]!);
    const shape = (conversation: number) => {
      const messages = conversations.messages(conversation);
      const place = (message: number | null) => messages.findIndex((other) => other.id === message);
      const { title, sampling, createdAt, leafId } = conversations.get(conversation);
      const rows = messages.map(({ id: _, conversationId: __, parentId, ...row }) => ({
        ...row,
        parent: place(parentId),
      }));
      return { title, sampling, createdAt, leaf: place(leafId), rows };
    };
    const before = shape(id);
    conversations.remove(id);
    conversation(conversations, "In its place", "Another question");
    const back = conversations.restore(id);
    expect(shape(back)).toEqual(before);
    expect(conversations.search("Zwetschgen", 10)).toMatchObject([{ conversationId: back }]);
    expect(failureFrom(() => conversations.restore(id))).toMatchObject({ code: "not-found" });
  });

  test("is announced with its size beforehand", () => {
    const { conversations } = servicesForTest();
    const id = conversation(conversations, "Lease", "grüße", "ab");
    expect(conversations.size(id)).toEqual({ messages: 2, bytes: 9 });
  });
});

test("a thousand conversations are listed in pages, and a search finds the newest matches", () => {
  const store = openDatabase(join(temporaryFolder(), "coppice.db"));
  const conversations = new Conversations(store);
  store.transaction(() => {
    for (let number = 0; number < 1000; number++) {
      conversation(
        conversations,
        `Conversation ${number}`,
        ...Array.from({ length: 8 }, (_, turn) =>
          `Clause ${turn} of the lease number ${number}. `.repeat(20),
        ),
      );
    }
  });
  expect(conversations.list({ limit: 200 })).toHaveLength(200);
  expect(conversations.search("clau", 50)).toHaveLength(50);
  const [found] = conversations.search("number 999", 50);
  expect(conversations.get(found!.conversationId).title).toBe("Conversation 999");
  const [last] = conversations.list({ limit: 1 });
  conversations.remove(last!.id);
  const { id, updatedAt } = conversations.list({ limit: 600 })[599]!;
  expect(conversations.list({ after: { id, updatedAt } })).toHaveLength(399);
  store.close();
});

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}
