/** The report that the window shows, kept until it is saved, so that the file equals what was shown. */
import { writeChosenFile } from "../../../native-models/formats/atomic.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { ReportSection, ReportSectionName } from "../../../preload/contract/calls/diagnostics.ts";
import type { Services } from "../open.ts";
import { reportSections, reportText } from "./report.ts";

export class Reports {
  readonly #services: Services;
  readonly #version: string;
  #shown: { id: number; sections: ReportSection[]; madeAt: Date } = {
    id: 0,
    sections: [],
    madeAt: new Date(),
  };

  constructor(services: Services, version: string) {
    this.#services = services;
    this.#version = version;
  }

  /** Creates a report that replaces the previous one. Failure: unknown-run. */
  prepare(run: string | null): { id: number; sections: ReportSection[] } {
    const { home } = this.#services;
    const sections = reportSections({ home, services: this.#services, version: this.#version, run });
    this.#shown = { id: this.#shown.id + 1, sections, madeAt: new Date() };
    return { id: this.#shown.id, sections };
  }

  /**
   * Writes these sections of the report `id` to `path`; returns the bytes. Failures: bad-choice if another was created since,
   * unwritable, disk-full.
   */
  async save(id: number, names: readonly ReportSectionName[], path: string): Promise<number> {
    const { sections, madeAt } = this.#shown;
    if (id !== this.#shown.id) refuseChoice("old-report");
    const text = reportText(
      sections.filter(({ name }) => names.includes(name)),
      madeAt,
    );
    await writeChosenFile(path, text);
    return Buffer.byteLength(text);
  }
}
