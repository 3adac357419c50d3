/** The order of test files. */
import { BaseSequencer, type TestSequencerConstructor, type TestSpecification } from "vitest/node";

/**
 * Starts files whose paths end in `names` first, in this order, so that no worker runs a long one alone at the end; Vitest orders the
 * others, which in a fresh clone is by their size.
 */
export function longestFirst(names: readonly string[]): TestSequencerConstructor {
  const place = ({ moduleId }: TestSpecification) => {
    const index = names.findIndex((name) => moduleId.endsWith(`/${name}`));
    return index < 0 ? names.length : index;
  };
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).sort((a, b) => place(a) - place(b));
    }
  };
}
