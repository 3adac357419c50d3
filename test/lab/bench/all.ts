/** Every benchmark, in the order of the page. */
import { answers } from "./answers.ts";
import { batch } from "./batch.ts";
import { cores } from "./cores.ts";
import { drafters } from "./drafters.ts";
import { decode } from "./decode.ts";
import { defaultJob } from "./default-job.ts";
import { dequantise } from "./dequantise.ts";
import { firstToken } from "./first-token.ts";
import { firstWord } from "./first-word.ts";
import { gain } from "./gain.ts";
import { givenAnswers } from "./given-answers.ts";
import { givenModels, givenTraining } from "./given-models.ts";
import { gradients } from "./gradients.ts";
import { growth } from "./growth.ts";
import { head } from "./head.ts";
import { headers } from "./headers.ts";
import { largeModels, largeModelsInElectron } from "./large-models.ts";
import { library } from "./library.ts";
import { logits } from "./logits.ts";
import { longChat } from "./long-chat.ts";
import { lookup } from "./lookup.ts";
import { masks } from "./masks.ts";
import { memory } from "./memory.ts";
import { perplexity } from "./perplexity.ts";
import { prompt } from "./prompt.ts";
import { readData } from "./read-data.ts";
import { scan } from "./scan.ts";
import { scheduling } from "./scheduling.ts";
import { server } from "./server.ts";
import { stepProfile } from "./step-profile.ts";
import { threeBillion } from "./three-billion.ts";
import { trainedParts } from "./trained-parts.ts";
import { trainingStep } from "./training-step.ts";
import { trimmed } from "./trimmed.ts";
import { trimScreen } from "./trim-screen.ts";
import { wholeJob } from "./whole-job.ts";
import { window } from "./window.ts";
import type { Benchmark } from "./harness/benchmark.ts";

export const BENCHMARKS: readonly Benchmark[] = [
  logits,
  perplexity,
  answers,
  gradients,
  trainingStep,
  stepProfile,
  trainedParts,
  wholeJob,
  defaultJob,
  givenModels,
  givenTraining,
  givenAnswers,
  decode,
  longChat,
  batch,
  lookup,
  server,
  scheduling,
  masks,
  cores,
  drafters,
  gain,
  trimmed,
  head,
  prompt,
  firstToken,
  firstWord,
  scan,
  growth,
  threeBillion,
  largeModels,
  largeModelsInElectron,
  memory,
  headers,
  readData,
  dequantise,
  window,
  library,
  trimScreen,
];
