export const trim = {
  title: "Trimming",
};
