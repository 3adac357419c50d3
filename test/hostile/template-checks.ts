/**
 * Cases 49 to 52 and their kin: hostile chat templates, rendered as the application does it, in the reader's process. For Vitest and
 * for the in-Electron tests.
 */
import assert from "node:assert/strict";
import type { Launch } from "../../main/engines/process/launch.ts";
import { Reading } from "../../main/services/data/reading.ts";
import type { ChatTemplate } from "../../native-models/chat-template.ts";
import { AppError } from "../../native-models/failure.ts";

/** A template's own limit is 1.5 s of the processor; the rest is for a computer that is busy otherwise. */
const LONGEST_MS = 20_000;

const loop = (times: number, body: string) => `{% for i in range(${times}) %}${body}{% endfor %}`;
const grown = (times: number, change: string, first = "'x'") =>
  `{% set n = namespace(s=${first}) %}${loop(times, `{% set n.s = ${change} %}`)}`;
const text = "{% set s = range(99999) | join('') %}";
const list = "{% set l = range(99999) %}";

/** Each with part of the expected reason. */
const hostile: readonly (readonly [title: string, template: string, reason: RegExp])[] = [
  ["49 a range of a billion", loop(1e9, "x"), /range of 1000000000 numbers/],
  ["50 nested loops", loop(3000, loop(3000, "x")), /steps|longer than/],
  ["50 nested loops with nothing in them", loop(99_999, loop(99_999, "")), /steps|longer than/],
  ["51 a text that doubles", `${grown(64, "n.s ~ n.s")}{{ n.s }}`, /characters/],
  ["51 a list that doubles", grown(64, "n.s + n.s", "[0]"), /entries/],
  ["52 200,000 parentheses", `{{ ${"(".repeat(200_000)}1${")".repeat(200_000)} }}`, /characters/],
  ["52 30,000 parentheses", `{{ ${"(".repeat(30_000)}1${")".repeat(30_000)} }}`, /brackets/],
  ["a list in itself twice, as JSON", `${grown(300, "[n.s, n.s]", "[]")}{{ n.s | tojson }}`, /longer than/],
  ["a list in itself twice, as text", `${grown(300, "[n.s, n.s]", "[]")}{{ n.s }}`, /longer than/],
  [
    "a list of long lists",
    `${list}${grown(2000, "n.s + [l + []]", "[]")}{{ n.s | length }}`,
    /lists of more than 20000000 entries/,
  ],
  [
    "a sorted list, again and again",
    `${list}${loop(99_999, "{% set x = l | sort %}")}`,
    /longer than|steps|lists/,
  ],
  ["slices of a list", `${list}${loop(99_999, "{% set x = l[1:] %}")}`, /longer than|lists/],
  ["slices of a text", `${text}${loop(99_999, "{% set x = s[::-1] %}")}`, /longer than|characters/],
  ["a search in a list", `${list}${loop(99_999, "{% if -1 in l %}{% endif %}")}`, /longer than|steps/],
  ["words with capitals", `${text}${loop(99_999, "{% set x = s | title %}")}`, /longer than|characters/],
  [
    "every digit replaced by all of them",
    `${text}{{ s | replace('1', s) }}`,
    /too long|longer than|characters/,
  ],
  ["an indent of a billion", "{{ 'a\\nb' | indent(1000000000) }}", /too long|longer than|characters/],
  [
    "JSON with an indent of millions",
    "{{ messages | tojson(indent=30000000) }}",
    /too long|longer than|characters/,
  ],
  ["a macro that calls itself", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", /deep/],
  [
    "a macro that calls itself twice",
    "{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    /steps|longer than/,
  ],
  ["a namespace in itself", "{% set n = namespace() %}{% set n.me = n %}{{ n | tojson }}", /deep/],
  [
    "runs of spaces before a tag",
    `${"\n".padEnd(2000)}`.repeat(30) + "{% if 1 %}x{% endif %}",
    /spaces|no text/,
  ],
  [
    "the way to JavaScript's Function",
    "{{ messages.constructor.constructor('return process')() }}",
    /function/,
  ],
];

const question = [{ role: "user" as const, content: "What is a lien?" }];

/** The checks by their titles; `entry` gives the script of a kind, as this launch can run it. */
export function templateChecks(
  launch: Launch,
  entry: (kind: string) => string,
): Record<string, () => Promise<void>> {
  return {
    "hostile templates end in time with their cause, and the same process then renders a good one":
      async () => {
        const reading = new Reading({ launch, entry: entry("reader") });
        let longest = 0;
        try {
          const good = templateOf("{% for m in messages %}{{ m.content }}{% endfor %}");
          assert.equal(await reading.chatPrompt(good, question), question[0]!.content);
          for (const [title, template, reason] of hostile) {
            const began = performance.now();
            const failure = await reading.chatPrompt(templateOf(template), question).then(
              (rendered) => assert.fail(`${title} gave ${rendered.length} characters`),
              (error: unknown) => (error instanceof AppError ? error.failure : assert.fail(String(error))),
            );
            const tookMs = performance.now() - began;
            longest = Math.max(longest, tookMs);
            assert.equal(failure.code, "template-failed", `${title}: ${JSON.stringify(failure)}`);
            assert.match((failure as { reason: string }).reason, reason, title);
            assert.ok(tookMs < LONGEST_MS, `${title} took ${tookMs} ms`);
            assert.equal(await reading.chatPrompt(good, question), question[0]!.content);
          }
          console.error(`${hostile.length} hostile templates; the longest took ${Math.round(longest)} ms`);
        } finally {
          await reading.stop();
        }
      },
  };
}

function templateOf(source: string): ChatTemplate {
  return { source, bosToken: null, eosToken: null, specialTokens: [] };
}
