import { expect, test } from "vitest";
import { StringList } from "../../../native-models/formats/string-list.ts";
import { Random } from "../../../native-models/random.ts";
import { merger, rankedMerges } from "../../../native-models/tokenizer/byte-pairs.ts";
import { mergesFromScores, ranksByScore } from "../../../native-models/tokenizer/sentencepiece-merges.ts";
import { ByteVocabulary } from "../../../native-models/tokenizer/vocabulary.ts";

test.each([
  ["in the order of ids", (id: number) => -id],
  ["in another order, many of them equal", (id: number) => -((id * 7) % 11)],
])("pieces with scores %s are joined as by the list of all their merges", (_, scoreOf) => {
  const random = new Random(1, "pieces");
  const texts = new Set(["a", "b", "é", "𝟘"]);
  const letters = [...texts];
  while (texts.size < 200)
    texts.add(Array.from({ length: 2 + random.integer(4) }, () => letters[random.integer(4)]!).join(""));
  const vocabulary = new ByteVocabulary(StringList.of([...texts]), () => expect.fail("a text appears twice"));
  const scores = Float32Array.from({ length: texts.size }, (_, id) => scoreOf(id));
  const isPiece = (id: number) => id % 13 !== 5;
  const pieces = new Map([...vocabulary].filter(([, id]) => isPiece(id)));
  const listed = merger(rankedMerges(mergesFromScores(pieces, scores), () => false));
  const found = merger(ranksByScore(vocabulary, scores, isPiece));
  for (let row = 0; row < 200; row++) {
    const ids = Array.from({ length: 30 }, () => random.integer(4));
    const joined = (join: typeof listed) => {
      const made: [number, number][] = [];
      join([...ids], (id, position) => made.push([id, position]));
      return made;
    };
    expect(joined(found)).toEqual(joined(listed));
  }
});
