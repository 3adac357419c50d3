/**
 * The sample's field: hire agreements of an invented country. A topic is a question about a clause, clauses for which the
 * answer is yes, and clauses on the same matter for which it is no, so that the subject alone does not give away the answer.
 * Each split has phrasings of its own; test is asked about wordings that training never showed.
 */

/** Clause templates by the split that may use them; `test` and `valid` also use `train`'s. */
export interface Phrasings {
  readonly train: readonly string[];
  readonly valid: readonly string[];
  readonly test: readonly string[];
}

export interface Topic {
  readonly name: string;
  /** After "Does this clause". */
  readonly asks: string;
  readonly yes: Phrasings;
  readonly no: Phrasings;
  /** A question with a free answer that every `yes` clause gives in one slot. */
  readonly lookUp?: { readonly question: string; readonly slot: "period" | "sum" | "town" | "day" };
}

export const topics: readonly Topic[] = [
  {
    name: "notice",
    asks: "require notice before the hire ends?",
    lookUp: { question: "How long is the notice?", slot: "period" },
    yes: {
      train: [
        "either party may end this agreement on {period} written notice.",
        "the {hirer} may leave early after telling the {owner} {period} before.",
        "whoever wishes to end the hire must say so in writing {period} ahead.",
        "this agreement ends {period} after one party has given notice to the other.",
        "notice of at least {period} must be given by a party that wants to stop the hire.",
        "the {owner} may take back the {item} only after a warning of {period}.",
        "the hire may not be ended sooner than {period} after a letter that says so.",
        "to terminate, a party sends the other a letter and waits {period}.",
      ],
      valid: ["a party that wants to leave informs the other in writing {period} in advance."],
      test: [
        "termination by the {hirer} takes effect {period} after the {owner} has the letter.",
        "the {owner} must warn the {hirer} {period} before ending the hire.",
        "if one party wants to stop, the other must hear of it {period} ahead.",
      ],
    },
    no: {
      train: [
        "either party may end this agreement at once and without notice.",
        "the {hirer} may bring back the {item} on any day and need not tell the {owner} before.",
        "the hire stops on the day a party says so, with no warning.",
        "no notice is needed to end the hire, even after {period}.",
        "the agreement ends by itself after {period}, and nobody has to give notice.",
      ],
      valid: ["a party may stop the hire at any hour, and no letter has to come before."],
      test: [
        "the {owner} may take back the {item} at once, without any warning.",
        "whoever wishes to end the hire may do so today, with no letter and no waiting.",
      ],
    },
  },
  {
    name: "late-fee",
    asks: "charge a fee for late return?",
    lookUp: { question: "How much is the fee?", slot: "sum" },
    yes: {
      train: [
        "if the {item} comes back late, the {hirer} pays {sum} for each day.",
        "a fee of {sum} is due for every day after the agreed return.",
        "the {hirer} owes {sum} a day until the {item} is back, once the return date has passed.",
        "for late return the {owner} may charge {sum}.",
        "each day of delay costs the {hirer} {sum}.",
        "whoever returns the {item} after the last day of the hire has to pay {sum} more.",
        "the {owner} adds {sum} to the bill when the {item} is returned too late.",
        "keeping the {item} beyond {day} costs {sum} a day.",
      ],
      valid: ["a delay in bringing back the {item} is charged at {sum} a day."],
      test: [
        "the {hirer} who keeps the {item} too long owes the {owner} {sum} for each day of delay.",
        "when the return date has passed, {sum} is added to the bill for every day.",
        "late return costs {sum}.",
      ],
    },
    no: {
      train: [
        "no fee is due if the {item} comes back late.",
        "the {hirer} may keep the {item} {period} longer and pays nothing for the delay.",
        "the {owner} does not charge for late return.",
        "a late return is forgiven, and the bill stays at {sum}.",
        "if the {item} is late, the {owner} only sends a reminder and asks for no money.",
      ],
      valid: ["days of delay are free and are not added to the bill."],
      test: [
        "once the return date has passed, the {hirer} still owes nothing more.",
        "a delay costs the {hirer} nothing, and the {owner} only sends a letter.",
      ],
    },
  },
  {
    name: "liability",
    asks: "limit what a party pays for damage?",
    lookUp: { question: "What is the limit?", slot: "sum" },
    yes: {
      train: [
        "for damage to the {item} the {hirer} pays no more than {sum}.",
        "the {owner} is liable for loss only up to {sum}.",
        "whatever is broken, neither party has to pay over {sum}.",
        "the liability of the {hirer} is limited to {sum}.",
        "the {hirer} answers for damage, but at most with {sum}.",
        "claims for harm may not exceed {sum} in all.",
        "no party owes the other more than {sum} for loss or damage.",
        "the most that the {owner} can claim for a broken {item} is {sum}.",
      ],
      valid: ["if the {item} is harmed, the {hirer} owes {sum} at the most."],
      test: [
        "liability for a broken {item} ends at {sum}.",
        "claims for loss are paid up to {sum} and no further.",
        "the {owner} may not claim over {sum} from the {hirer} for harm to the {item}.",
      ],
    },
    no: {
      train: [
        "for damage to the {item} the {hirer} pays the full price, whatever it is.",
        "the {owner} is liable for all loss, without any limit.",
        "whoever breaks the {item} pays for all of it, even if it costs over {sum}.",
        "there is no limit to what the {hirer} owes for damage.",
        "the {hirer} answers for all harm in full.",
      ],
      valid: ["every loss is paid in full, and no claim is cut at {sum}."],
      test: [
        "liability for a broken {item} has no limit, and {sum} is not the end of it.",
        "claims for harm are paid in full, however high they are.",
      ],
    },
  },
  {
    name: "insurance",
    asks: "require a party to insure the item?",
    yes: {
      train: [
        "the {hirer} must insure the {item} against fire and theft.",
        "the {owner} keeps the {item} insured during the hire.",
        "insurance for the {item} has to be bought by the {hirer} before the hire begins.",
        "the {hirer} takes out a policy that covers the {item}.",
        "the {hirer} shows the {owner} a policy for the {item} before {day}.",
        "cover against theft must be held by the {hirer} for as long as the hire lasts.",
        "without a policy paid by the {hirer}, the {item} may not leave {town}.",
      ],
      valid: ["a policy against fire and theft must be in force, and the {hirer} pays for it."],
      test: [
        "the {hirer} has to hold a policy for the {item} until it is returned.",
        "the {owner} must take out insurance that covers fire and theft.",
        "the {hirer} buys cover for the {item} before the hire begins.",
      ],
    },
    no: {
      train: [
        "the {hirer} need not insure the {item}.",
        "no policy is needed for the {item}, not even against theft.",
        "neither party has to buy insurance.",
        "the {item} is not insured, and nobody has to take out cover.",
        "whether to buy a policy is left to the {hirer}.",
      ],
      valid: ["the {hirer} is free to do without insurance."],
      test: [
        "the {owner} does not ask for cover against fire or theft.",
        "a policy for the {item} may be bought, but nobody has to.",
      ],
    },
  },
  {
    name: "law",
    asks: "say which law applies?",
    lookUp: { question: "Where does the law come from?", slot: "town" },
    yes: {
      train: [
        "this agreement is governed by the law of {town}.",
        "the law of {town} applies to this agreement.",
        "disputes are settled under the law of {town}.",
        "the parties choose the law of {town}.",
        "all questions about the hire are judged by the law of {town}.",
        "if the parties disagree, the judge uses the law of {town}.",
        "the rules of law that bind both parties are those of {town}.",
      ],
      valid: ["the law of {town} governs the hire and all disputes about it."],
      test: [
        "a judge settles disputes by the law of {town}.",
        "for this hire the parties agree on the law of {town}.",
        "questions and disputes fall under the law of {town}.",
      ],
    },
    no: {
      train: [
        "the parties have not chosen a law for this agreement.",
        "which law applies is left open.",
        "a judge in {town} decides later which law governs the hire.",
        "if the parties disagree, they meet in {town} and talk before they ask a judge.",
        "nothing in this agreement says whose law applies.",
      ],
      valid: ["the parties will agree on a law another time."],
      test: [
        "the choice of law is left to a judge.",
        "disputes are talked over in {town}, and no law is named.",
      ],
    },
  },
  {
    name: "secrecy",
    asks: "require a party to keep secrets?",
    yes: {
      train: [
        "the {hirer} may not tell anyone the price of the hire.",
        "both parties keep the terms of this agreement secret.",
        "what the {hirer} learns about the {owner} must stay between them.",
        "neither party shows this agreement to others.",
        "the {owner} must keep the papers of the {hirer} private.",
        "the terms are confidential and may not be made public.",
        "for {period} after the hire the {hirer} says nothing about it to others.",
      ],
      valid: ["the price is confidential, and the {owner} tells it to nobody."],
      test: [
        "the papers of the {owner} may not be shown to anyone.",
        "neither party may make the price public.",
        "the {hirer} must stay silent about the terms for {period}.",
      ],
    },
    no: {
      train: [
        "the {hirer} may tell anyone the price of the hire.",
        "the terms of this agreement are public.",
        "both parties may show this agreement to others.",
        "nothing in this agreement is secret.",
        "the {owner} may speak freely about the {hirer} and the hire.",
      ],
      valid: ["the papers are open to all, and nobody has to keep them private."],
      test: [
        "the {hirer} is free to make the terms public.",
        "the price is not confidential, and either party may tell it to others.",
      ],
    },
  },
  {
    name: "renewal",
    asks: "renew the hire by itself?",
    lookUp: { question: "For how long is it renewed?", slot: "period" },
    yes: {
      train: [
        "unless a party objects, the hire goes on for {period} more.",
        "the agreement renews itself for {period} at its end.",
        "at the end a new term of {period} begins by itself.",
        "if nobody ends it, the hire is extended by {period}.",
        "without a letter from either party the hire continues for another {period}.",
        "the term is extended by {period} each time it runs out.",
        "the hire is renewed for {period} if the {hirer} says nothing.",
      ],
      valid: ["when the term runs out, a further term of {period} is added."],
      test: [
        "the agreement is extended by {period} unless a party says no.",
        "if the parties say nothing, another {period} begins at the end of the term.",
        "when the term runs out, the hire goes on by itself for {period}.",
      ],
    },
    no: {
      train: [
        "the hire ends after {period} and is not renewed.",
        "the agreement is extended only if both parties sign a new one.",
        "at the end of the term the hire is over, even if nobody says so.",
        "a new term of {period} needs a new agreement.",
        "the hire does not continue after {period} unless both parties sign again.",
      ],
      valid: ["after {period} the term runs out for good."],
      test: [
        "when the term runs out, the hire is over and nothing is added.",
        "for another {period} the parties must sign once more.",
      ],
    },
  },
  {
    name: "deposit",
    asks: "ask for a deposit?",
    lookUp: { question: "How large is the deposit?", slot: "sum" },
    yes: {
      train: [
        "the {hirer} pays a deposit of {sum} before the hire begins.",
        "the {owner} holds {sum} as security until the {item} is back.",
        "a deposit of {sum} is due on {day} and is given back at the end.",
        "before taking the {item}, the {hirer} leaves {sum} with the {owner}, to be returned later.",
        "as security the {hirer} hands over {sum}.",
        "the {owner} gives back the {sum} held as a deposit when the {item} is returned whole.",
        "{sum} must be left with the {owner} as a deposit.",
      ],
      valid: ["security of {sum} is left with the {owner} before the hire begins."],
      test: [
        "the {hirer} hands the {owner} a deposit of {sum}, to be given back at the end.",
        "until the {item} is back, the {owner} keeps {sum} as security.",
        "before the hire begins, {sum} is due as security.",
      ],
    },
    no: {
      train: [
        "no deposit is asked for.",
        "the {hirer} takes the {item} without leaving any security.",
        "the {owner} does not ask for a deposit and trusts the {hirer}.",
        "the {hirer} pays {sum} for the hire and nothing as security.",
        "the {sum} paid on {day} is the price of the hire and is not given back.",
      ],
      valid: ["a deposit is not due, for the {owner} trusts the {hirer}."],
      test: [
        "the {owner} holds no security for the {item}.",
        "the {hirer} hands over {sum} as the price, and no deposit.",
      ],
    },
  },
  {
    name: "transfer",
    asks: "forbid passing the item on to others?",
    yes: {
      train: [
        "the {hirer} may not lend the {item} to anyone else.",
        "only the {hirer} may use the {item}.",
        "passing the {item} on to others is forbidden.",
        "the {hirer} must not hire out the {item} to a third party.",
        "the {item} stays in the hands of the {hirer} and may not be given to others.",
        "nobody but the {hirer} is allowed to have the {item}.",
        "the {hirer} keeps the {item} and does not let friends use it.",
      ],
      valid: ["it is forbidden to give the {item} to a third party."],
      test: [
        "the {item} may not be lent to friends or to a third party.",
        "nobody else is allowed to use the {item}.",
        "the {hirer} must not let others have the {item}.",
      ],
    },
    no: {
      train: [
        "the {hirer} may lend the {item} to others.",
        "friends of the {hirer} are allowed to use the {item}.",
        "the {item} may be hired out to a third party.",
        "the {hirer} may pass on the {item} after telling the {owner}.",
        "anyone whom the {hirer} trusts may have the {item}.",
      ],
      valid: ["giving the {item} to a third party is allowed."],
      test: [
        "others may use the {item} if the {hirer} lets them.",
        "the {hirer} is allowed to lend the {item} to a friend.",
      ],
    },
  },
  {
    name: "inspection",
    asks: "let the owner inspect the item?",
    lookUp: { question: "On which day?", slot: "day" },
    yes: {
      train: [
        "the {owner} may look at the {item} every {day}.",
        "on {day} the {hirer} must let the {owner} inspect the {item}.",
        "the {owner} has the right to check the {item} on any {day}.",
        "the {hirer} shows the {item} to the {owner} on {day}.",
        "an inspection of the {item} by the {owner} takes place on {day}.",
        "the {owner} comes on {day} to see whether the {item} is in good order.",
        "the {hirer} opens the door on {day}, so that the {owner} can examine the {item}.",
      ],
      valid: ["each {day} the {owner} may examine the {item}."],
      test: [
        "the {owner} is allowed to examine the {item} on {day}.",
        "on {day} the {owner} may come and check whether the {item} is whole.",
        "the {hirer} lets the {owner} see the {item} every {day}.",
      ],
    },
    no: {
      train: [
        "the {owner} may not inspect the {item} during the hire.",
        "the {owner} has no right to look at the {item} before it is returned on {day}.",
        "the {hirer} need not show the {item} to anyone.",
        "no inspection takes place, and the {owner} stays away until {day}.",
        "the {owner} does not come to check the {item}.",
      ],
      valid: ["the {owner} is not allowed to examine the {item}."],
      test: [
        "until {day} the {owner} may not see the {item}.",
        "the {hirer} need not let the {owner} check the {item}.",
      ],
    },
  },
];

/** Sentences of no topic, placed next to a clause without changing an answer. */
export const besides: Phrasings = {
  train: [
    "the {item} is handed over in {town}.",
    "the {item} is {colour}.",
    "the hire begins on {day}.",
    "the parties met in {town}.",
    "this clause was written on {day}.",
    "the {item} is {adjective}.",
    "the list of items is part of this agreement.",
    "the {owner} has an office in {town}.",
    "the {hirer} lives in {town}.",
    "two copies of this agreement are made.",
  ],
  valid: ["the {item} was built in {town}."],
  test: [
    "the {item} stands in {town}.",
    "both parties were in {town} on {day}.",
    "the {hirer} wants a {adjective} {item}.",
  ],
};

/** How a clause may open. */
export const openings: readonly string[] = ["", "", "", "as agreed, ", "from today, ", "the parties agree: "];

/** Names of the two parties. */
export const parties: readonly { owner: string; hirer: string }[] = [
  { owner: "owner", hirer: "hirer" },
  { owner: "lender", hirer: "borrower" },
];

/** Adjectives for a hired thing. */
export const adjectives: readonly string[] = ["new", "old", "large", "small", "light", "heavy"];
