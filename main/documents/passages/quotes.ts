/** Removes what e-mails quote from each other: a reply has the whole thread below it, which would be learnt again with each reply. */
import { keyOf } from "./boilerplate.ts";
import type { Block } from "../blocks/blocks.ts";
import { Groups } from "./groups.ts";
import { addTo } from "../blocks/lists.ts";
import type { TextRow } from "../row.ts";
import { sentencesOf } from "./sentences.ts";

/** A quote is known from other messages if at least this share of its characters is in sentences that they have. */
const QUOTED_SHARE = 0.8;

/**
 * Removes quotes whose text other messages have, and groups the messages of a thread: those that quote each other. Text that only quotes
 * have stays in one message, the one that quotes least. `replies`: how many messages lost a quote.
 */
export function withoutQuotes(messages: readonly TextRow[]): {
  /** From each original message to the cleaned one; messages that only quote have none. */
  readonly cleaned: ReadonlyMap<TextRow, TextRow>;
  readonly replies: number;
} {
  const read = messages.map((message) => ({ message, pieces: piecesOf(message.blocks) }));
  const known = new KnownSentences();
  for (const [index, { pieces }] of read.entries())
    for (const piece of pieces) if (piece.kind === "own") known.add(piece, index);

  const threads = new Groups();
  const inThreads = new Set<number>();
  const quoted = read.map(({ pieces }) => lengthOf(pieces.filter(({ kind }) => kind === "quote")));
  const left = read.map(() => new Set<Piece>());
  for (const index of [...read.keys()].sort((a, b) => quoted[a]! - quoted[b]! || a - b)) {
    const { pieces } = read[index]!;
    for (const [at, piece] of pieces.entries()) {
      if (piece.kind !== "quote") continue;
      const other = known.find(piece, index);
      if (other === undefined) {
        known.add(piece, index);
        continue;
      }
      threads.join(index, other);
      inThreads.add(index).add(other);
      left[index]!.add(piece);
      for (let before = at - 1; pieces[before]?.kind === "introduction"; before--)
        left[index]!.add(pieces[before]!);
    }
  }

  const cleaned = new Map<TextRow, TextRow>();
  for (const [index, { message, pieces }] of read.entries()) {
    const kept = pieces.filter((piece) => !left[index]!.has(piece));
    const group = inThreads.has(index) ? { group: messages[threads.of(index)]!.document } : {};
    const blocks = left[index]!.size === 0 ? message.blocks : blocksOf(message.blocks, kept);
    if (blocks.some(({ kind }) => kind !== "heading")) cleaned.set(message, { ...message, ...group, blocks });
  }
  return { cleaned, replies: left.filter(({ size }) => size > 0).length };
}

/** Consecutive lines of a block. */
interface Piece {
  /** The index of its block. */
  readonly block: number;
  readonly text: string;
  /** `introduction`: the lines above a quote, "On 1 March Anna wrote:". */
  readonly kind: "own" | "quote" | "introduction";
}

const lengthOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { text }) => sum + text.length, 0);

/** The blocks with only the pieces that are kept. */
function blocksOf(blocks: readonly Block[], kept: readonly Piece[]): Block[] {
  const texts = new Map<number, string[]>();
  for (const { block, text } of kept) addTo(texts, block, text);
  return [...texts].map(([index, lines]) => ({ ...blocks[index]!, text: lines.join("\n") }));
}

/**
 * Lines marked with ">" are quotes; without any, everything after an introduction is. The envelope that a message begins with is its own.
 */
function piecesOf(blocks: readonly Block[]): Piece[] {
  const hasMarks = blocks.some(({ text }) => text.split("\n").some(isMarked));
  const first = blocks.findIndex(({ kind }) => kind !== "heading");
  const pieces: Piece[] = [];
  let isBelow = false;
  for (const [block, { text }] of blocks.entries()) {
    for (const run of runsOf(text.split("\n"))) {
      const marked = isMarked(run[0]!);
      const isEnvelope = block === first && HEADER.test(run[0]!);
      let lines: string[] = [];
      const add = (kind: Piece["kind"], lines: readonly string[]) => {
        if (lines.length > 0) pieces.push({ block, text: lines.join("\n"), kind });
      };
      const end = () => {
        add(marked || (isBelow && !hasMarks) ? "quote" : "own", lines);
        lines = [];
      };
      for (let at = 0; at < run.length;) {
        const above = isEnvelope ? 0 : introductionAt(run, at);
        if (above === 0) lines.push(run[at++]!);
        else {
          end();
          add("introduction", run.slice(at, at + above));
          isBelow ||= !marked;
          at += above;
        }
      }
      end();
    }
  }
  return pieces;
}

const MARKS = /^\s*>[>\s]*/;
const isMarked = (line: string) => MARKS.test(line);

/** Runs of marked lines, and of the lines between them. */
function runsOf(lines: readonly string[]): string[][] {
  const runs: string[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run && isMarked(run[0]!) === isMarked(line)) run.push(line);
    else runs.push([line]);
  }
  return runs;
}

/** How mail programs introduce a quote in German, English, French, Italian, Spanish and Polish. */
const WROTE =
  /^(?:am|on|le|il|el|(?:pon|wt|śr|czw|pt|sob|niedz)\.,)\s.{5,300}\s(?:schrieb|wrote|a écrit|ha scritto|escribió|napisał(?:\(a\)|a)?)(?!\p{L}).{0,200}:$/iu;
const ORIGINAL =
  /^-{2,}.{0,9}(?:original|ursprüngliche|forwarded|weitergeleitete|transféré|inoltrato|reenviado|oryginalna).{0,40}-{2,}$/iu;
/** The names of headers in the same languages, and in Russian and Turkish. */
const HEADER = new RegExp(
  String.raw`^\W{0,3}(?:${[
    "von|gesendet|an|datum|betreff|from|sent|to|cc|date|subject",
    "de|envoyé|à|objet|da|inviato|a|data|oggetto|enviado|para|fecha|asunto|od|wysłano|do|dw|temat",
    "от|отправлено|кому|копия|дата|тема|kimden|gönderen|gönderildi|kime|bilgi|tarih|konu",
  ].join("|")})[^\p{L}\p{N}]{0,3}:`,
  "iu",
);
const FEWEST_HEADERS = 3;

/** How many lines from `at` on introduce a quoted message: "On 1 March Anna wrote:", on one or two lines, or the lines of its header. */
function introductionAt(lines: readonly string[], at: number): number {
  const plain = (index: number) => (lines[index] ?? "").replace(MARKS, "").trim();
  if (WROTE.test(plain(at)) || ORIGINAL.test(plain(at))) return 1;
  if (WROTE.test(`${plain(at)} ${plain(at + 1)}`)) return 2;
  let headers = 0;
  while (HEADER.test(plain(at + headers))) headers++;
  return headers >= FEWEST_HEADERS ? headers : 0;
}

/** Sentences, with the first two messages that contain each. */
class KnownSentences {
  readonly #having = new Map<string, number[]>();

  add({ text }: Piece, message: number): void {
    for (const key of keysOf(text)) {
      const having = this.#having.get(key) ?? [];
      if (having.length < 2 && !having.includes(message)) this.#having.set(key, [...having, message]);
    }
  }

  /** The other message that has most of a piece's text; undefined if too much of it is in no other message. */
  find({ text }: Piece, own: number): number | undefined {
    const counts = new Map<number, number>();
    let [all, found] = [0, 0];
    for (const key of keysOf(text)) {
      all += key.length;
      const other = this.#having.get(key)?.find((message) => message !== own);
      if (other === undefined) continue;
      found += key.length;
      counts.set(other, (counts.get(other) ?? 0) + key.length);
    }
    if (found === 0 || found < QUOTED_SHARE * all) return undefined;
    return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  }
}

function keysOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(MARKS, ""));
  return sentencesOf(lines.join("\n"))
    .map(keyOf)
    .filter((key) => key !== "");
}
