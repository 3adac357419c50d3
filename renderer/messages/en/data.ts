export const data = {
  title: "What should it learn?",
};
