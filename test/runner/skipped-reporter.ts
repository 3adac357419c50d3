/** A reporter for Vitest that lists, at the end, what was skipped with a reason: each reason once, with its tests. */
import type { Reporter, TestCase, TestModule } from "vitest/node";

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const byReason = new Map<string, TestCase[]>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const { note } = test.result() as { note?: string };
        if (note !== undefined) byReason.set(note, [...(byReason.get(note) ?? []), test]);
      }
    }
    for (const [reason, tests] of byReason) {
      console.log(`\n${tests.length} skipped: ${reason}`);
      for (const { fullName, module } of tests) console.log(`  ${module.relativeModuleId}: ${fullName}`);
    }
  }
}
