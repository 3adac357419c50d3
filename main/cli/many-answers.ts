/** coppice generate --prompts: answers as JSON lines, in the order in which they are finished. */
import { z } from "zod";
import { fail, failureOf } from "../../native-models/failure.ts";
import type { Failure } from "../../native-models/failure.ts";
import type { Precision } from "../../native-models/inference/precision.ts";
import { parsedJson } from "../../native-models/formats/parsed-json.ts";
import type { Answer, Prompt, AnswerShape } from "../../preload/contract/chat/chat.ts";
import type { FoundPassage } from "../../preload/contract/chat/found-passage.ts";
import { sentence } from "../../preload/contract/words/sentence.ts";
import { homeIn, makeHome } from "../home/home.ts";
import { readTextFile } from "../documents/encodings/text-encoding.ts";
import { BatchEngine } from "../services/answers/batch-engine.ts";
import { passagesFrom, sourceOfPassage } from "./asked-passages.ts";
import type { PassageOptions } from "./asked-passages.ts";
import type { Context } from "./context.ts";
import { samplingOf } from "./options.ts";
import type { SamplingOptions } from "./options.ts";
import { counted } from "../../preload/contract/words/figures.ts";

interface ManyOptions extends SamplingOptions, PassageOptions {
  model: string;
  raw?: boolean;
  precision?: Precision;
  threads?: number;
  shape: AnswerShape | undefined;
}

const Line = z.object({ id: z.union([z.string(), z.number()]).transform(String), prompt: z.string().min(1) });

/** The failures of one prompt, beside which the others are answered. */
const OF_A_PROMPT: ReadonlySet<Failure["code"]> = new Set(["message-too-large", "template-failed"]);

/** Answers the prompts of a file. Failures: those of reading it, of `passagesFrom` and of `BatchEngine`. */
export async function answerMany(context: Context, file: string, options: ManyOptions): Promise<void> {
  const { terminal } = context;
  const lines = readLines(file);
  const home = homeIn(context.home);
  makeHome(home);
  const { path } = await context.model(options.model);
  const { threads, precision, shape } = options;
  await context.withReader(async (reading) => {
    const putPassages = await passagesFrom(context, reading, options);
    const report = await reading.inspect(path);
    const engine = await BatchEngine.open(home, report, { threads, precision, engine: context.engine });
    try {
      const { chatTemplate, isNative } = engine.loaded;
      const special = chatTemplate.source !== null && !options.raw;
      let [cutOff, failed] = [0, 0];
      /** The passages before each prompt; two prompts may have the same id. */
      const passagesOf: (readonly FoundPassage[] | undefined)[] = [];
      const onAnswer = (index: number, { id: _, ...answer }: Answer) => {
        if ("failure" in answer) failed++;
        else if (answer.reason === "length") cutOff++;
        const { id } = lines[index]!;
        const passages = passagesOf[index];
        const printed = "failure" in answer ? { failure: sentence(answer.failure) } : answer;
        terminal.say(JSON.stringify({ id, ...printed, passages: passages?.map(sourceOfPassage) }));
        terminal.emit({ event: "answer", id, ...answer, passages });
      };
      const prompts: Prompt[] = [];
      for (const [index, line] of lines.entries()) {
        const id = String(index);
        const asked = await putPassages?.(line.prompt);
        passagesOf[index] = asked?.passages;
        const content = asked?.content ?? line.prompt;
        try {
          const prompt = special
            ? await reading.chatPrompt(chatTemplate, [{ role: "user", content }])
            : content;
          prompts.push({ id, prompt, special, shape: shape ? 0 : null });
        } catch (error) {
          const failure = failureOf(error);
          if (!OF_A_PROMPT.has(failure.code)) throw error;
          onAnswer(index, { id, failure });
        }
      }
      const done = await engine.answer(prompts, {
        shapes: shape ? [shape] : [],
        sampling: samplingOf(options),
        onAnswer: (answer) => onAnswer(Number(answer.id), answer),
      });
      if (cutOff + failed > 0) terminal.note(closingLine(done.answers, cutOff, failed));
      terminal.emit({ event: "done", ...done, cutOff, failed, isNative });
    } finally {
      await engine.stop();
    }
  });
}

/** "12 answers, 3 of them cut off by their length (--max-tokens); 1 prompt could not be answered." */
function closingLine(answers: number, cutOff: number, failed: number): string {
  const cut = cutOff === 0 ? "" : `, ${cutOff} of them cut off by their length (--max-tokens)`;
  const without = failed === 0 ? "" : `; ${counted(failed, "prompt")} could not be answered`;
  return `${counted(answers, "answer")}${cut}${without}.`;
}

function readLines(path: string): z.infer<typeof Line>[] {
  const lines = readTextFile(path).split(/\r?\n/);
  return lines.flatMap((text, index) => {
    if (text.trim() === "") return [];
    const parsed = Line.safeParse(parsedJson(text));
    if (parsed.success) return [parsed.data];
    return fail({
      code: "bad-data",
      path,
      line: index + 1,
      reason: "no-prompt",
    });
  });
}
