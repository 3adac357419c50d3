export const model = {
  title: "Which model do you start from?",
};
