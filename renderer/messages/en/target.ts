export const target = {
  title: "How deep may it be?",
};
