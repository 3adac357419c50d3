/** Why the text of a page or picture was not recognised: codes, declared by their English words. */
import { inWords } from "../../../native-models/codes.ts";
import type { CodesOf, Said } from "../../../native-models/codes.ts";
import { engineReasonText } from "./engine.ts";
import type { EngineReason } from "./engine.ts";

const PAGE_PROBLEMS = {
  "page-damaged": "the page is damaged",
  "page-damaged-or-large": "the page is damaged or needs too much memory",
  "picture-damaged": "the picture is damaged",
  "picture-too-large": ({ width, height }: { width: number; height: number }) =>
    `the picture has ${width} × ${height} pixels, more than can be read`,
  "picture-too-small": "the picture is too small",
  "too-slow": "it took too long",
  "too-much-memory": "it took too much memory",
  engine: ({ reason }: { reason: EngineReason }) => engineReasonText(reason),
};
export type PageProblems = CodesOf<typeof PAGE_PROBLEMS>;
export type PageProblem = Said<PageProblems>;

export const pageProblemText = (problem: PageProblem): string =>
  inWords<PageProblems>(PAGE_PROBLEMS, problem);
