/** The shape of a model with the vocabulary of a plan, before the run that chooses its tokens. */
import { withTokens } from "../../../native-models/estimates/shape.ts";
import type { ModelShape } from "../../../native-models/estimates/shape.ts";
import { keptVocabulary } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";

/** The shape with the wanted number of tokens; a field that uses more keeps them all, which only reading its data shows. */
export const plannedShape = <M extends ModelShape>(
  model: M,
  { vocabulary }: Pick<TrimPlan, "vocabulary">,
): M => withTokens(model, keptVocabulary(vocabulary, model.vocabularySize));
