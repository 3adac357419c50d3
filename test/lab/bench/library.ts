/** The library of a person who has used Coppice for years: opening, listing and searching. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openDatabase } from "../../../main/database/open.ts";
import { query } from "../../../main/database/store.ts";
import type { Store } from "../../../main/database/store.ts";
import { openServices } from "../../../main/services/open.ts";
import { contract } from "../../../preload/contract/contract.ts";
import { planWithSeed } from "../../main/services/plan.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { openApplication } from "./harness/application.ts";
import { median } from "./harness/paired.ts";
import { whileTraining } from "./harness/training.ts";

const RUNS = 10_000;
const STEPS = 60;
/** Base, tuned, and eight depths, each with every answer to its test questions. */
const DEPTHS = 8;
const QUESTIONS = 300;
const CONVERSATIONS = 1000;
const MESSAGES = 20;
/** What a person waits for. */
const QUICK = [
  "open and first 100 runs",
  "search conversations",
  "library in the window",
  "conversations in the window",
];
const whileTrained = (row: string) => `${row}, while a run trains`;

export const library: Benchmark = {
  name: "library",
  timed: true,
  measures: `The library of ${RUNS} runs with ${STEPS} steps of figures and ${DEPTHS + 2} evaluations of ${QUESTIONS} questions each, and ${CONVERSATIONS} conversations of ${MESSAGES} messages. "Open" opens the database. "Runs" is main's answer to \`library.list\`, checked by its contract, as the window receives it: first the newest runs, then the others in pieces, for the window's own search. "In the window" is the time from the address to the first rows, in Electron. Everything is then repeated while the command line trains the built-in sample on all cores, in another home, at the trainer's low priority.`,
  columns: [{ key: "milliseconds", title: "time", unit: "ms" }],
  targets: [
    ...QUICK.map((row) => ({ row, column: "milliseconds", atMost: 200 })),
    ...QUICK.map((row) => ({ row: whileTrained(row), column: "milliseconds", atMost: 200 })),
  ],

  async run(context: Context): Promise<Row[]> {
    const folder = mkdtempSync(join(tmpdir(), "coppice-library-"));
    try {
      fill(folder, context);
      const alone = await measure(folder, context);
      const training = await whileTraining(context.threads, () => measure(folder, context));
      return [...alone, ...training.map((row) => ({ ...row, name: whileTrained(row.name) }))].filter(
        ({ name }) => context.wants(name),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(folder: string, context: Context): Promise<Row[]> {
  const turns = Array.from({ length: context.rounds }, () => turn(folder));
  const shown = await inWindow(folder, context);
  const rounds = turns.map((times, round) => ({ ...times, ...shown[round] }) as Record<string, number>);
  return Object.keys(rounds[0]!).map((name) => ({
    name,
    figures: { milliseconds: median(rounds.map((times) => times[name]!)) },
  }));
}

function turn(folder: string): Record<string, number> {
  const times: Record<string, number> = {};
  const timed = <Result>(name: string, work: () => Result): Result => {
    const started = performance.now();
    const result = work();
    times[name] = performance.now() - started;
    return result;
  };
  const services = timed("open", () => openServices(folder));
  const list = (offset: number, limit: number) =>
    contract.library.list.output.parse({
      runs: services.library.runs({ offset, limit }),
      states: services.library.states(),
      models: services.library.models(),
      dataSets: services.dataSets.list(),
    });
  const first = timed("first 100 runs", () => list(0, 100));
  if (first.runs.length !== 100 || !first.runs[0]!.trimmed?.accuracy)
    throw new Error("The list is not whole");
  times["open and first 100 runs"] = times["open"]! + times["first 100 runs"]!;
  timed("each further 1000 runs", () => list(5000, 1000));
  const hits = timed("search conversations", () => services.conversations.search("frost", 50));
  if (hits.length === 0) throw new Error("The search found nothing");
  services.close();
  return times;
}

/** The pages in Electron; one entry per round. */
async function inWindow(home: string, context: Context): Promise<Record<string, number>[]> {
  const { library, chat } = await openApplication<Record<string, number[]>>(context, "open-library.ts", home);
  return library!.map((milliseconds, round) => ({
    "library in the window": milliseconds,
    "conversations in the window": chat![round]!,
  }));
}

/** Writes the database in a few statements: through the services it would take minutes. */
function fill(folder: string, context: Context): void {
  openServices(folder).close();
  const path = join(folder, "coppice.db");
  const store = openDatabase(path);
  try {
    store.transaction(() => {
      fillRuns(store);
      fillConversations(store);
    });
  } finally {
    store.close();
  }
  context.say(`a database of ${Math.round(statSync(path).size / 1e6)} MB`);
}

function fillRuns(store: Store): void {
  const plan = JSON.stringify(planWithSeed(7));
  const numbers = (count: number) =>
    sql`(with recursive n(n) as (select 1 union all select n + 1 from n where n < ${count}) select n from n)`;
  const run = (made: ReturnType<typeof sql>) => store.run({ compile: () => made.compile(query) as never });
  run(sql`insert into models (id, path, name, format, architecture, summary, sizeBytes, addedAt, usedAt)
    select n, '/models/' || n, 'Model ' || n, 'gguf', 'llama', '{"layers":30}', 1e8, '2026-01-01', '2026-01-01'
    from ${numbers(20)}`);
  run(sql`insert into runs (id, name, state, seed, modelId, fraction, note, tags, createdAt, updatedAt, finishedAt, plan)
    select 'run-' || n, 'Clauses ' || n, 'done', 1, 1 + n % 20, 1, 'A note about run ' || n, '["lease"]',
      strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-01', n || ' hours'),
      '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', ${plan}
    from ${numbers(RUNS)}`);
  run(sql`insert into rounds (runId, round, kept)
    select runs.id, n.n, json_array(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
    from runs, ${numbers(DEPTHS)} as n`);
  run(sql`insert into metrics (runId, step, loss, learningRate, gradientNorm, tokensPerSecond, tokens)
    select runs.id, n.n, 2.5 / n.n, 1e-4, 1.5, 420, 1024 from runs, ${numbers(STEPS)} as n`);
  const correct = JSON.stringify(Array.from({ length: QUESTIONS }, (_, question) => question % 3 > 0));
  run(sql`insert into evaluations (runId, subject, split, createdAt, depth)
    select runs.id, case n.n when 1 then 'base' when 2 then 'tuned' else 'trimmed' end, 'test',
      '2026-01-01T00:00:00.000Z',
      json_object('units', case when n.n < 3 then 30 else 33 - 2 * n.n end, 'keptIndices', json('[0,1,2]'),
        'healed', json(case n.n when ${DEPTHS + 2} then 'true' else 'false' end),
        'evaluation', json_object('accuracy',
          json('{"value":0.65,"low":0.62,"high":0.68,"n":300}'), 'accuracyNorm', null, 'answerNll', 0.4,
          'perplexity', 10.9, 'bitsPerByte', null, 'exactMatch', null, 'correct', json(${correct})),
        'tokensPerSecond', 158, 'sizeBytes', 60000000)
    from runs, ${numbers(DEPTHS + 2)} as n`);
}

function fillConversations(store: Store): void {
  const words = "the tenant shall keep the pipes from frost and tell the landlord of any damage".split(" ");
  for (let id = 1; id <= CONVERSATIONS; id++) {
    const entry = {
      id,
      title: `Question ${id}`,
      model: "run-1",
      sampling: "{}",
      createdAt: "2026",
      updatedAt: "2026",
    };
    store.run(query.insertInto("conversations").values(entry));
    for (let turn = 0; turn < MESSAGES; turn++) {
      const content = Array.from(
        { length: 60 },
        (_, word) => words[(id * 7 + turn * 3 + word * word) % words.length],
      );
      const message = {
        conversationId: id,
        role: turn % 2 === 0 ? ("user" as const) : ("assistant" as const),
        state: "done" as const,
        createdAt: "2026",
        content: content.join(" "),
      };
      store.run(query.insertInto("messages").values(message));
    }
  }
}
