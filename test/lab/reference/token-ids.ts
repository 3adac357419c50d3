/**
 * Compares token ids on generated hard text, once as a document and once with its special tokens parsed: those of GGUF
 * files with llama.cpp's, those of Hugging Face folders with the `tokenizers` package's. Decodes them again, whole and
 * token by token. Ends with 1 where something differs.
 *
 *   node build/run.js test/lab/reference/token-ids.ts COUNT MODEL…
 *
 * Left out is where llama.cpp departs from the models' own tokenizers: where one of them composes characters (NFC),
 * llama.cpp gets the composed text, and no text has "</s>", which llama.cpp takes for a control token whatever the file says.
 * Of tekken and gpt-4o, texts with combining marks and with letters beyond ASCII that change case do differ
 * (native-models/tokenizer/gguf-pre-tokenizers.ts says why).
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isFolder } from "../../../native-models/formats/bytes.ts";
import { openGguf } from "../../../native-models/formats/gguf/read.ts";
import { Random } from "../../../native-models/random.ts";
import { streamDecoder, tokenizerFromFolder, tokenizerFromGguf } from "../../../native-models/tokenizer.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { nodeLlamaCpp, pythonEnvironment, REFERENCE_FOLDER, referencePython } from "./setup.ts";

/** The part of node-llama-cpp that is used here. */
interface Llama {
  loadModel(options: object): Promise<{
    tokenize(text: string, specialTokens: boolean): number[];
    readonly tokens: { bos: number | null; eos: number | null; shouldPrependBosToken: boolean };
    dispose(): Promise<void>;
  }>;
}

/** What texts are made of: what tokenizers have gone wrong on. */
const FRAGMENTS: readonly (readonly string[])[] = [
  [" ", "  ", "   ", "     ", " ".repeat(33), "\t", "\t\t", "\n", "\n\n", "\n\n\n", "\r\n", "\r", " \n", "\n ", "\u00a0", "\u3000", "\u2003", "\u0085", "\u2028", "\u200b", "\ufeff", "\v", "\f"],
  ["the", "and", "Hello", "world", "indemnify", "Größe", "naïve", "MiXeD", "CamelCase", "snake_case", "a", "I", "x", "tokenisation", "antidisestablishmentarianism", "qwertzuiop".repeat(9), "a".repeat(70), "ab".repeat(40)],
  ["'s", "'S", "'t", "'T", "'re", "'RE", "'ve", "'VE", "'m", "'ll", "'LL", "'d", "'D", "’s", "ſ", "'ſ", "'", "''", "don't", "WE'LL"],
  ["0", "7", "12", "123", "1234", "12345678", "3.14", "1,000", "2026-11-26", "½", "²", "Ⅷ", "①", "٣٤", "१२", "四", "𝟘𝟙", "1e-9"],
  ["!", "?!", "...", "…", "—", "--", "===", "###", "()", "){", "};", "[i]", "</", "/>", "\\n", "`", "~", "$", "€", "@@", "§", "<", ">", "|", "<|", "|>", "&amp;", "\"", "_", "__"],
  ["def f(x):\n\treturn x**2  # ok\n", "for (let i=0;i<n;++i){a[i]??=`${b}`}", "{\"k\": [1, null]}", "SELECT * FROM t;", "if (a && !b) {\n        c();\n}", "https://example.org/a?b=c#d", "C:\\x\\..\\y"],
  ["你好", "世界。", "語", "日本語の", "カタカナ", "안녕하세요", "مرحبا", "بالعالم", "שלום", "नमस्ते", "สวัสดี", "Привет", "Ελληνικά", "ქართული", "𐍈", "𠀀", "ﬁ", "Å", "Å", "ᄒ\u1161\u11ab"],
  ["e\u0301", "a\u0308", "o\u0302\u0323", "Z\u0351\u036b\u0343", "\u0301", "\u0644\u0651", "न\u093c", "q\u0307\u0323"],
  ["😀", "👍🏽", "🇩🇪", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🧑🏿‍🚀", "☺️", "©", "™"],
  ["▁", "▁▁", "Ġ", "Ċ", "<0x0A>", "<unk>", "<s>", "<bos>", "<eos>", "<pad>", "<start_of_turn>", "<end_of_turn>", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|im_", "im_end|>", "<tool_call>", "</tool_call>", "<table>", "</td>", "<unused7>", "[PAD151700]", "[multimodal]", "<start_of_image>", "<|fim_prefix|>", "<think>", "</think>"],
  ["\u0001", "\u001b[31m", "\u007f", "\ufffd", "\uffff", "\u{10ffff}", "\ue000"],
]; // prettier-ignore

/** A text of up to twelve fragments, mostly prose-like: every fragment may stand beside every other. */
function generated(random: Random): string {
  let text = "";
  for (let i = random.integer(13); i > 0; i--) {
    const kind = FRAGMENTS[random.integer(FRAGMENTS.length)]!;
    text += kind[random.integer(kind.length)]! + (random.integer(3) === 0 ? " " : "");
  }
  return text;
}

const [count, ...paths] = process.argv.slice(2);
if (!count || paths.length === 0)
  throw new Error("node build/run.js test/lab/reference/token-ids.ts COUNT MODEL…");

const texts = Array.from({ length: Number(count) }, (_, index) => generated(new Random(index, "token ids")));

for (const path of paths) {
  const { tokenizer, expected } = isFolder(path) ? await besideTokenizers(path) : await besideLlamaCpp(path);
  const given = composed(tokenizer);
  const differences = texts.flatMap((text, index) =>
    [false, true].flatMap((special) => {
      const ours = tokenizer.encode(text, { special });
      const theirs = expected[index]![special ? 1 : 0]!;
      const different = ours.join() !== theirs.join() ? [{ text, special, ours, theirs }] : [];
      return [...different, ...wrongDecoding(tokenizer, given[index]!, ours)];
    }),
  );
  console.log(`${path}: ${2 * texts.length} encodings, ${differences.length} differ`);
  for (const difference of differences.slice(0, 20)) console.log(JSON.stringify(difference));
  if (differences.length > 0) process.exitCode = 1;
}

interface Beside {
  tokenizer: Tokenizer;
  /** For each text its ids as a document, and with special tokens parsed. */
  expected: (readonly number[])[][];
}

async function besideLlamaCpp(path: string): Promise<Beside> {
  const { getLlama } = (await import(pathToFileURL(nodeLlamaCpp()).href)) as {
    getLlama(options: object): Promise<Llama>;
  };
  const llama = await getLlama({ gpu: false, build: "never", logLevel: "error" });
  const file = openGguf(path);
  file.close();
  const tokenizer = tokenizerFromGguf(file.metadata, path);
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
  const { bos, eos, shouldPrependBosToken } = model.tokens;
  const facts = [tokenizer.bosId, tokenizer.eosIds[0] ?? null, tokenizer.addsBos].join();
  if (facts !== [bos, eos, shouldPrependBosToken].join())
    throw new Error(
      `${path}: first, last and prepended token are ${facts}, not ${bos},${eos},${shouldPrependBosToken}`,
    );
  const expected = composed(tokenizer).map((text) =>
    [false, true].map((special) => [...model.tokenize(text, special)]),
  );
  await model.dispose();
  return { tokenizer, expected };
}

async function besideTokenizers(folder: string): Promise<Beside> {
  const output = execFileSync(referencePython(), [join(REFERENCE_FOLDER, "folder-token-ids.py"), folder], {
    input: JSON.stringify(texts),
    encoding: "utf8",
    env: pythonEnvironment(),
    maxBuffer: 2 ** 30,
  });
  return { tokenizer: await tokenizerFromFolder(folder), expected: JSON.parse(output) as number[][][] };
}

/** What the model's own tokenizer makes of texts before it cuts them. */
function composed({ files }: Tokenizer): string[] {
  const { normalizer } = files["tokenizer.json"] as { normalizer: object | null };
  const composes = JSON.stringify(normalizer).includes('"NFC"');
  return composes ? texts.map((text) => text.normalize("NFC")) : texts;
}

/** Ids give the text again, whole and as it streams; SentencePiece has no way to tell its mark from a space. */
function wrongDecoding(tokenizer: Tokenizer, text: string, ids: readonly number[]): object[] {
  const whole = tokenizer.decode(ids);
  const stream = streamDecoder(tokenizer, { skipSpecial: false });
  const streamed = ids.map((id) => stream.push(id)).join("") + stream.flush();
  const expected = ids.length > 0 && text.includes("▁") && whole !== text ? text.replaceAll("▁", " ") : text;
  return whole === expected && streamed === expected ? [] : [{ text, ids, whole, streamed }];
}
