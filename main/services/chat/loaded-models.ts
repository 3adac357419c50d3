/** The loaded models: at most two, each in its own engine. */
import { AppError, failureOf } from "../../../native-models/failure.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import type { ChatModel, LoadedFacts } from "../../../preload/contract/calls/conversations.ts";
import type { Device, DeviceProblem } from "../../../preload/contract/plans/device.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { thisComputer } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";
import { ChatEngine } from "./chat-engine.ts";
import type { ChatEngineOptions } from "./chat-engine.ts";
import { chatModelOf } from "./chat-model-name.ts";
import type { KeptTexts } from "./kept-texts.ts";
import { freeWithin } from "../plans/limits.ts";
import { findModel } from "../models/model-reference.ts";
import type { RunModels } from "../models/run-models.ts";
import type { Home } from "../../home/home.ts";
import type { SettingsService } from "../settings/settings.ts";
import type { Speaker, Speakers } from "./talk.ts";

/** One model for each side of a comparison. */
const mostLoaded = 2;

interface Loaded {
  readonly path: string;
  /** The device in the settings when it was loaded. */
  readonly device: Device;
  /** The problem for which the processor has answered instead of that device since loading; null if there was none. */
  readonly fault: DeviceProblem | null;
  readonly speaker: Speaker;
  readonly chatEngine: ChatEngine;
  /** Answers in progress. */
  readonly answers: Set<Promise<unknown>>;
}

const isIdle = ({ answers }: Loaded): boolean => answers.size === 0;

function factsOf(model: ChatModel, { loaded }: Speaker): LoadedFacts {
  const { layers, maxPositions, sizeBytes, device, deviceProblem } = loaded;
  return { model, layers, maxPositions, sizeBytes, device, deviceProblem };
}

export interface LoadedModelsOptions {
  readonly services: {
    readonly home: Home;
    readonly runs: RunModels;
    readonly settings: Pick<SettingsService, "get">;
    readonly texts?: KeptTexts;
  };
  /** Depends on the model by default. */
  readonly precision?: Precision | undefined;
  readonly engine?: EngineOptions;
  readonly free?: Free;
  /** Models were loaded or unloaded. */
  readonly onChange?: () => void;
}

export class LoadedModels implements Speakers {
  readonly #options: LoadedModelsOptions;
  /** The least recently used one comes first. */
  #loaded: Loaded[] = [];
  /** Models are loaded one at a time, since each decision depends on which models are loaded by then. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #stopping = new AbortController();
  /** Problems that occurred while a device answered, by the device's name and the model's path: the processor answers from then on. */
  readonly #faults = new Map<string, DeviceProblem>();

  constructor(options: LoadedModelsOptions) {
    this.#options = options;
  }

  /** Paths of loaded models, least recently used first. */
  get paths(): string[] {
    return this.#loaded.map(({ path }) => path);
  }

  /** The facts about all loaded models. */
  get all(): LoadedFacts[] {
    const speakers = this.#loaded.filter(({ chatEngine }) => chatEngine.alive).map(({ speaker }) => speaker);
    const runs = this.#options.services.runs.meantBy(speakers.map(({ reference }) => reference));
    return speakers.map((speaker) => factsOf(chatModelOf(speaker.reference, runs), speaker));
  }

  /** Loads a model if necessary. Failures: those of findModel and of ChatEngine.open. */
  speakerOf(reference: string): Promise<Speaker> {
    const next = this.#turn.then(() => this.#load(reference));
    this.#turn = next.catch(() => {});
    return next;
  }

  /** A model that is already loaded: nothing is loaded or unloaded for it. Failures: those of findModel. */
  ready(reference: string): Speaker | null {
    const { path } = findModel(reference, () => this.#options.services.runs);
    const known = this.#loaded.find((loaded) => loaded.path === path);
    return known && this.#isReady(known) ? known.speaker : null;
  }

  /** Loads a model if necessary, and returns the facts about it. Failures as of `speakerOf`. */
  async load(reference: string): Promise<LoadedFacts> {
    return this.#factsOf(reference, await this.speakerOf(reference));
  }

  /** The facts about a model, null if it is not loaded. Failures: those of findModel. */
  facts(reference: string): LoadedFacts | null {
    const speaker = this.ready(reference);
    return speaker && this.#factsOf(reference, speaker);
  }

  #factsOf(reference: string, speaker: Speaker): LoadedFacts {
    return factsOf(chatModelOf(reference, this.#options.services.runs.meantBy([reference])), speaker);
  }

  /** Unloads models while `remove` removes their files: none is loaded before it has ended. */
  unload<Removed>(paths: readonly string[], remove: () => Promise<Removed>): Promise<Removed> {
    return this.#unload(({ path }) => paths.includes(path), remove);
  }

  /** The memory of models without an answer in progress, in bytes. */
  get idleBytes(): number {
    const idle = this.#loaded.filter((loaded) => isIdle(loaded) && loaded.chatEngine.loaded.device === "cpu");
    return idle.reduce((sum, { chatEngine }) => sum + chatEngine.loaded.sizeBytes, 0);
  }

  /** Unloads models without an answer in progress, for work that needs their memory; the next question loads its model again. */
  unloadIdle(): Promise<void> {
    return this.#unload(isIdle, () => Promise.resolve());
  }

  /** Unloads a model, named as when it was loaded, until the next question; returns false if an answer of it is in progress. */
  free(reference: string): Promise<boolean> {
    const isMeant = ({ speaker }: Loaded) => speaker.reference === reference;
    return this.#unload(
      (loaded) => isMeant(loaded) && isIdle(loaded),
      () => Promise.resolve(!this.#loaded.some(isMeant)),
    );
  }

  #unload<Result>(isMeant: (loaded: Loaded) => boolean, then: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(async () => {
      const gone = this.#loaded.filter(isMeant);
      if (gone.length > 0) this.#keep(this.#loaded.filter((loaded) => !gone.includes(loaded)));
      await Promise.all(gone.map((loaded) => this.#end(loaded)));
      return then();
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Stops all engines, also one that is loading a model; answers in progress keep what has been received. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#endAll(); // a model that is being loaded may be waiting for their answers
    await this.#turn;
    await this.#endAll();
  }

  async #endAll(): Promise<void> {
    const all = this.#loaded;
    this.#keep([]);
    await Promise.all(all.map((loaded) => this.#end(loaded)));
  }

  async #load(reference: string): Promise<Speaker> {
    if (this.#stopping.signal.aborted) throw new AppError({ code: "cancelled" });
    const { path } = findModel(reference, () => this.#options.services.runs);
    const known = this.#loaded.find((loaded) => loaded.path === path);
    if (known) {
      const others = this.#loaded.filter((loaded) => loaded !== known);
      if (this.#isReady(known)) {
        this.#loaded = [...others, known];
        return known.speaker;
      }
      this.#keep(others);
      await this.#endAfterAnswers(known);
    }
    while (this.#loaded.length >= mostLoaded) await this.#endOldest();
    const loaded = await this.#open(path, reference);
    this.#keep([...this.#loaded, loaded]);
    return loaded.speaker;
  }

  #keep(loaded: Loaded[]): void {
    this.#loaded = loaded;
    this.#options.onChange?.();
  }

  #isReady(known: Loaded): boolean {
    return known.chatEngine.alive && known.device === this.#device && this.#faultOf(known) === known.fault;
  }

  get #device(): Device {
    return this.#options.services.settings.get().device;
  }

  #faultOf({ device, path }: Pick<Loaded, "device" | "path">): DeviceProblem | null {
    return this.#faults.get(`${device} ${path}`) ?? null;
  }

  async #open(path: string, reference: string): Promise<Loaded> {
    const device = this.#device;
    const fault = this.#faultOf({ device, path });
    const chatEngine = await this.#openWhereItFits(path, fault === null ? device : "cpu");
    const loaded = fault === null ? chatEngine.loaded : { ...chatEngine.loaded, deviceProblem: fault };
    const answers = new Set<Promise<unknown>>();
    const noticingFaults = async <Result>(work: Promise<Result>): Promise<Result> => {
      try {
        return await work;
      } catch (error) {
        const failure = failureOf(error);
        const mayBeDevice = failure.code === "engine-stopped" || failure.code === "internal";
        const isKept = this.#loaded.some((kept) => kept.chatEngine === chatEngine); // an unloaded model is stopped
        const isNews = isKept && !this.#stopping.signal.aborted && this.#faultOf({ device, path }) === null;
        if (loaded.device !== "cpu" && mayBeDevice && isNews)
          this.#faults.set(`${device} ${path}`, { kind: "failure", failure });
        throw error;
      }
    };
    const counted = async <Result>(answer: Promise<Result>): Promise<Result> => {
      answers.add(answer);
      try {
        return await answer;
      } finally {
        answers.delete(answer);
      }
    };
    const generate: Speaker["generate"] = (prompt, options) =>
      counted(
        Promise.resolve(prompt).then((rendered) => noticingFaults(chatEngine.generate(rendered, options))),
      );
    const embed: Speaker["embed"] = (...asked) => counted(noticingFaults(chatEngine.embed(...asked)));
    const chatPrompt: Speaker["chatPrompt"] = (...asked) => noticingFaults(chatEngine.chatPrompt(...asked));
    const readAhead: Speaker["readAhead"] = (prompt, options) =>
      noticingFaults(chatEngine.readAhead(prompt, options));
    const speaker: Speaker = { reference, path, loaded, chatPrompt, generate, readAhead, embed };
    return { path, device, fault, speaker, chatEngine, answers };
  }

  /** Opens a model, and unloads others until it fits into memory. */
  async #openWhereItFits(path: string, device: Device): Promise<ChatEngine> {
    const { services, precision, engine, free = thisComputer } = this.#options;
    const threads = services.settings.get().threads ?? undefined;
    const within = freeWithin(services.settings, free);
    const { signal } = this.#stopping;
    const options: ChatEngineOptions = {
      threads,
      precision,
      device,
      learnt: services.runs.learntBy(path) ?? undefined,
      signal,
      free: within,
      texts: services.texts,
      ...(engine ? { engine } : {}),
    };
    for (;;) {
      try {
        return await ChatEngine.open(services.home, path, options);
      } catch (error) {
        if (failureOf(error).code !== "not-enough-memory" || this.#loaded.length === 0) throw error;
        await this.#endOldest();
      }
    }
  }

  async #endOldest(): Promise<void> {
    const [oldest, ...others] = this.#loaded;
    this.#keep(others);
    await this.#endAfterAnswers(oldest!);
  }

  async #endAfterAnswers(loaded: Loaded): Promise<void> {
    await Promise.allSettled(this.#stopping.signal.aborted ? [] : loaded.answers);
    await this.#end(loaded);
  }

  async #end({ chatEngine, answers }: Loaded): Promise<void> {
    await chatEngine.stop();
    await Promise.allSettled(answers);
  }
}
