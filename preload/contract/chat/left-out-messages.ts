/** Says how many of a conversation's first messages an answer's prompt lacks; they come in pairs. */
export const leftOutMessages = (count: number): string =>
  `The first ${count} messages no longer fit and were left out.`;
