/**
 * The models of a run's depths after training: their chat models, in which they are measured; what methods add to them; the exported
 * folder.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { remove } from "../../../native-models/formats/atomic.ts";
import type { Model } from "../../../native-models/model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { Batcher } from "../../../native-models/training/batch.ts";
import { PROMPT } from "../../../native-models/training/prompt-vectors.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { isBetterInChat } from "../../../preload/contract/runs/run.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { JobContext } from "../job-control.ts";
import type { Journal } from "../journal/checkpoint.ts";
import type { Snapshot } from "../journal/journal-file.ts";
import { MEASURED_FOLDER, methodFolder, ORIGINAL_FOLDER, WORK_FOLDER } from "../journal/run-files.ts";
import type { ChatMeasured, InChat, MethodDone } from "../schedule/operations.ts";
import { workOf } from "../schedule/planned-run.ts";
import { depthOf } from "../schedule/units.ts";
import { measureChatModel, ownAdditions, scoreInChat, writeChat } from "../chat/chat-model.ts";
import type { ChatForm, Reference } from "../chat/chat-model.ts";
import { SCORED } from "../evaluation/asked-rows.ts";
import { exportModel } from "../export/export.ts";
import { modelOfSnapshot } from "../export/trained.ts";
import { methodIn } from "../methods/index.ts";
import type { RunRows } from "./run-rows.ts";
import type { Stages } from "./stages.ts";

export interface DepthModelsInput {
  readonly runFolder: string;
  readonly plan: TrimPlan;
  readonly model: Model;
  /** The folder for the resulting model, and the tokenizer of its chat model; not needed by a recipe without chat models. */
  readonly product?: {
    readonly tokenizer: Tokenizer;
    readonly output: string;
    /** If the plan trims the vocabulary: the model with all of its tokens, from which the base's chat model is made. */
    readonly original?: Model & { readonly tokenizer: Tokenizer };
  };
}

interface Around {
  readonly journal: Journal;
  readonly rows: RunRows;
  readonly batcher: Batcher;
  readonly context: JobContext<RunEvent>;
  readonly stages: Stages;
}

export class DepthModels {
  readonly #input: DepthModelsInput;
  readonly #around: Around;
  /** Whether this process has written the original's chat model to its folder. */
  #hasOriginal = false;

  constructor(input: DepthModelsInput, around: Around) {
    this.#input = input;
    this.#around = around;
  }

  /** The model of a depth. Throws `corrupt-file` if an object of it is damaged. */
  of(depth: Snapshot): Promise<Model> {
    return modelOfSnapshot(this.#input.model, this.#input.plan, this.#around.journal, depth);
  }

  /** Implements `TrimOperations.chat`. */
  async measure(
    depth: Snapshot | null,
    { scores, original: timed, own: asInFolder = false }: InChat,
  ): Promise<ChatMeasured> {
    const { runFolder, plan, product } = this.#input;
    const { rows, stages } = this.#around;
    const { tokenizer: own, original } = product!;
    const tokenizer = depth ? own : (original?.tokenizer ?? own);
    const { answered, scored, corrected, prompted } = depth ? rows.asked! : rows.askedOfBase!;
    const model = depth ? await this.of(depth) : this.#original;
    const blocks = depth ? depthOf(depth.kept) : model.sections.length;
    const onTokens = async (read: number, tokens: number) => {
      stages.worked(workOf({ kind: "chat", read, tokens, passes: 1, blocks }));
      await stages.yieldToEventLoop();
    };
    const asked = {
      tokenizer,
      answered,
      corrected,
      ...(prompted && { prompted }),
      ...(scores && { scored }),
      onTokens,
    };
    const form = {
      ...(await this.#formOf(depth)),
      ...(asInFolder && (await ownAdditions(this.#input.model))),
    };
    const how = { yieldToEventLoop: () => stages.yieldToEventLoop(), asked, ...form, keep: depth === null };
    const folder = depth ? join(runFolder, MEASURED_FOLDER) : this.#originalFolder;
    const reference = timed && (await this.#reference(timed));
    const measured = await measureChatModel(model, folder, plan.threads, { ...how, reference });
    this.#hasOriginal ||= depth === null;
    if (reference && !measured.timesAsFast)
      this.#around.context.report({ event: "log", said: { code: "timed-alone", blocks } });
    return measured;
  }

  /** The original's chat model, which stays in the run's folder until the last depth has been timed; a resumed run writes it again. */
  async #reference({ tokensPerSecond }: ChatMeasured): Promise<Reference> {
    const [model, folder] = [this.#original, this.#originalFolder];
    if (!this.#hasOriginal) await writeChat(model, folder, await this.#formOf(null));
    this.#hasOriginal = true;
    return { model, folder, tokensPerSecond };
  }

  /** The original model, with all of its tokens. */
  get #original(): Model {
    return this.#input.product?.original ?? this.#input.model;
  }

  get #originalFolder(): string {
    return join(this.#input.runFolder, ORIGINAL_FOLDER);
  }

  /** Removes the original's chat model, which was kept for comparison. */
  async close(): Promise<void> {
    this.#hasOriginal = false;
    await remove(this.#originalFolder);
  }

  /** Implements `TrimOperations.method` for methods that change chat. */
  async method(id: string, depth: Snapshot): Promise<MethodDone> {
    const { runFolder, plan, model: before } = this.#input;
    const { journal, rows, batcher, context, stages } = this.#around;
    const { method, settings } = methodIn(plan, id, "chat");
    const folder = methodFolder(runFolder, id);
    const workFolder = join(runFolder, WORK_FOLDER);
    await mkdir(workFolder, { recursive: true });
    context.report({ event: "phase", phase: `method ${id}` });
    const model = await this.of(depth);
    const working = {
      folder,
      workFolder,
      yieldToEventLoop: () => stages.yieldToEventLoop(),
      worked: (work: number) => stages.worked(work),
    };
    const { training, calibration } = rows;
    const given = { plan, before, model, training, calibration, batcher, journal, job: context, ...working };
    const changed = await method.change(depth, given, settings).finally(() => remove(workFolder));
    context.report({ event: "phase", phase: "export" });
    const validation = changed.depth && {
      without: await this.#validationInChat(model, depth),
      with: await this.#validationInChat(model, changed.depth),
    };
    const chat = validation && { validation, choices: null, texts: null };
    context.report({ event: "method", id, outcome: { result: changed.result, chat } });
    const kept = validation && isBetterInChat(validation) ? changed.depth : null;
    if (kept) await journal.addDepth(id, kept);
    await remove(folder);
    return { id, result: changed.result, depth: kept, validation };
  }

  /** Implements `TrimOperations.export`. */
  async export(depth: Snapshot): Promise<void> {
    await this.close();
    const { tokenizer, output } = this.#input.product!;
    await exportModel(await this.of(depth), tokenizer, output, await this.#formOf(depth));
  }

  /**
   * The mean NLL of some validation rows in a depth's chat model: per answer, or per token of texts; null if there are none, or one is too
   * long.
   */
  async #validationInChat(model: Model, depth: Snapshot): Promise<number | null> {
    const { runFolder, plan } = this.#input;
    const yieldToEventLoop = () => this.#around.stages.yieldToEventLoop();
    const { rows } = this.#around.rows.choosing.part(SCORED);
    const form = await this.#formOf(depth);
    const folder = join(runFolder, MEASURED_FOLDER);
    const evaluation = await scoreInChat(model, folder, plan.threads, { rows, yieldToEventLoop, ...form });
    const { answerNll, perplexity } = evaluation ?? { answerNll: null, perplexity: null };
    return answerNll ?? (perplexity === null ? null : Math.log(perplexity));
  }

  /** How a depth's chat model is made; null: the original model's. */
  async #formOf(depth: Snapshot | null): Promise<ChatForm> {
    const { precision } = this.#input.plan.chat;
    return depth ? { precision, raised: depth.raised, prompt: await this.#promptOf(depth) } : { precision };
  }

  /** The vectors of a depth's stored prompt; null if it has none. */
  async #promptOf({ values }: Snapshot): Promise<Float32Array | null> {
    const hash = values[PROMPT];
    return hash === undefined ? null : this.#around.journal.read(hash);
  }
}
