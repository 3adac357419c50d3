/** What a run will not do although its plan asks for it (`idleChoices`), in English; the window and the command line say the same. */
export const NOTHING_IS_CUT: Readonly<Record<"control", string>> = {
  control: "Nothing is cut, so the whole model is not trained for comparison.",
};
