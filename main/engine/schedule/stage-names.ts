/** What stages are called in a run's journal: a part of its format, so that a run that was saved goes on. */

export const nameOf = {
  validate: (epoch: number) => `validate ${epoch}`,
  goBack: (epoch: number, after: number) => `tune ${epoch}, after ${after}`,
  branch: (name: string) => `branch ${name}`,
  teacher: "teacher",
  scores: (round: number) => `scores ${round}`,
  measure: (depth: string) => `measure ${depth}`,
  judge: (depth: string) => `judge ${depth}`,
  keep: (depth: string) => `keep ${depth}`,
  chat: (depth: string) => `chat ${depth}`,
  export: "export",
  finish: (before: string) => `finish before ${before}`,
} as const;
