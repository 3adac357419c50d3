/**
 * The paths that the window may name. Main itself permits each of them: a person chose it in a dialog, dropped it on the window or
 * opened it from outside, or it belongs to Coppice's data. A compromised page cannot use any other.
 */
import { isAbsolute, resolve } from "node:path";
import { refuseChoice } from "../preload/contract/failures/bad-choice.ts";
import { pathInside } from "../native-models/formats/path-inside.ts";
import type { Services } from "./services/open.ts";
import { sample, sampleName } from "./services/models/sample.ts";

type Remembering = Pick<Services, "home" | "models" | "runs" | "conversations">;

interface NamedSources {
  readonly data: readonly string[];
  readonly valid?: readonly string[];
  readonly test?: readonly string[];
  readonly offDomain?: readonly string[];
}

/** Failure of every check: bad-choice. */
export class PermittedPaths {
  readonly #services: Remembering;
  readonly #readable = new Set<string>();
  readonly #writable = new Set<string>();

  constructor(services: Remembering) {
    this.#services = services;
  }

  /** These, and their contents, may be read from now on. */
  permit(paths: Iterable<string>): void {
    for (const path of paths) this.#readable.add(resolve(path));
  }

  /** A person chose this folder to be written to. */
  permitWriting(folder: string): void {
    this.#writable.add(resolve(folder));
  }

  checkReading(...paths: readonly string[]): void {
    for (const path of paths) if (!this.#mayBeRead(path)) refuse(path);
  }

  checkSources({ data, valid = [], test = [], offDomain = [] }: NamedSources): void {
    this.checkReading(...data, ...valid, ...test, ...offDomain);
  }

  /** A model as the window names it: the sample, a run's id, or a path; also a conversation's model that was deleted since. */
  checkModel(reference: string): void {
    const { runs, conversations } = this.#services;
    if (reference === sampleName || runs.find(reference)) return;
    if (conversations.modelReferences().includes(reference)) return;
    this.checkReading(reference);
  }

  checkWriting(folder: string): void {
    if (
      !isAbsolute(folder) ||
      ![...this.#writable].some((chosen) => pathInside(chosen, resolve(folder)) !== null)
    )
      refuse(folder);
  }

  #mayBeRead(path: string): boolean {
    if (!isAbsolute(path)) return false;
    const place = resolve(path);
    if (this.#readable.has(place)) return true; // a draft can name thousands, each chosen individually
    const { home } = this.#services;
    const places = [home.folder, sample.model, sample.data, ...this.#readable, ...this.#writable];
    return places.some((known) => pathInside(known, place) !== null) || this.#isRemembered(place);
  }

  /** Recently used models, results of runs, and the models of conversations. */
  #isRemembered(place: string): boolean {
    const { models, runs, conversations } = this.#services;
    return (
      models.list().some(({ path }) => resolve(path) === place) ||
      conversations.modelReferences().some((reference) => reference === place) ||
      runs.outputs().some(({ output }) => pathInside(output, place) !== null)
    );
  }
}

function refuse(path: string): never {
  return refuseChoice({ code: "path-not-chosen", path });
}
