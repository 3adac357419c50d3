/** The names of stages in a run's journal: part of its format, so that saved runs can be resumed. */

export const nameOf = {
  device: "device",
  /** The mark of a run that was trained on another computer. */
  elsewhere: "elsewhere",
  loops: "loops",
  validate: (epoch: number) => `validate ${epoch}`,
  goBack: (epoch: number, after: number) => `tune ${epoch}, after ${after}`,
  branch: (name: string) => `branch ${name}`,
  teacher: "teacher",
  trainOnly: (why: string) => `parts ${why}`,
  scores: (round: number) => `scores ${round}`,
  measure: (depth: string) => `measure ${depth}`,
  prompted: "measure prompted",
  watch: (place: string) => `answers ${place}`,
  measureOnValidation: (depth: string) => `judge ${depth}`,
  keep: (depth: string) => `keep ${depth}`,
  chat: (depth: string) => `chat ${depth}`,
  export: "export",
  time: (before: string) => `time for ${before}`,
  rows: (stage: string) => `rows of ${stage}`,
  finish: (before: string) => `finish before ${before}`,
} as const;
