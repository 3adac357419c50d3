/** The small invented world that the sample's general texts tell of: its people, places, animals and things. */

export interface Person {
  readonly name: string;
  readonly they: "he" | "she";
  readonly their: "his" | "her";
  readonly them: "him" | "her";
}

const woman = (name: string): Person => ({ name, they: "she", their: "her", them: "her" });
const man = (name: string): Person => ({ name, they: "he", their: "his", them: "him" });

export const people: readonly Person[] = [
  ..."Mira Elsa Nela Petra Juno Hanna Dara Kesta Runa Vera Alma Brisa Cora Dessa Edda Fenna Gilda Ilva Lotta Maren Nisha Olwen Reva Sanna Tilda Ursa"
    .split(" ")
    .map(woman),
  ..."Tobin Bram Orin Wick Lio Rufus Ivo Milo Theo Anders Bodo Caspar Dirk Emmet Falk Garet Henk Jarl Kolja Lorn Matti Nils Otho Pavel Quill Stian"
    .split(" ")
    .map(man),
];

export const towns =
  "Aldmere Brackwater Corlen Dunhaven Eskmoor Fennick Garrowby Hollin Inverby Jessop Kelwick Lorne Marrow Nettlebrook Oakrill Pennard Quenby Rosk Stannow Tarrel".split(
    " ",
  );

/** Where in a town something is. */
export const spots: readonly string[] = [
  "near the river",
  "behind the mill",
  "beside the market",
  "on the hill",
  "by the harbour",
  "at the edge of the wood",
  "across from the school",
  "next to the old bridge",
  "above the bakery",
  "at the end of the lane",
];

export const colours: readonly string[] = "red blue green yellow white black brown grey orange purple".split(
  " ",
);

export const weekdays: readonly string[] = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(
  " ",
);

export const months: readonly string[] =
  "January February March April May June July August September October November December".split(" ");

export const weathers: readonly string[] = [
  "sunny",
  "rainy",
  "windy",
  "cloudy",
  "foggy",
  "snowy",
  "cold",
  "warm",
];

export interface Job {
  readonly title: string;
  readonly does: string;
  readonly did: string;
  readonly place: string;
}

export const jobs: readonly Job[] = [
  { title: "baker", does: "bakes bread", did: "baked bread", place: "bakery" },
  { title: "farmer", does: "grows wheat", did: "cut the wheat", place: "farm" },
  { title: "teacher", does: "teaches children", did: "taught a lesson", place: "school" },
  { title: "doctor", does: "cares for sick people", did: "saw ten sick people", place: "clinic" },
  { title: "carpenter", does: "makes tables and chairs", did: "made a table", place: "workshop" },
  { title: "sailor", does: "sails to the islands", did: "sailed to an island", place: "harbour" },
  { title: "fisher", does: "catches fish", did: "caught a basket of fish", place: "lake" },
  { title: "gardener", does: "looks after plants", did: "watered the plants", place: "garden" },
  { title: "cook", does: "makes soup", did: "made soup", place: "kitchen" },
  { title: "writer", does: "writes books", did: "wrote a page", place: "library" },
  { title: "painter", does: "paints pictures", did: "painted a wall", place: "studio" },
  { title: "miller", does: "grinds corn", did: "ground the corn", place: "mill" },
  { title: "judge", does: "settles disputes", did: "settled a dispute", place: "court" },
  { title: "lawyer", does: "writes agreements", did: "wrote an agreement", place: "office" },
  { title: "merchant", does: "sells cloth", did: "sold some cloth", place: "market" },
  { title: "smith", does: "works with iron", did: "made a gate", place: "forge" },
];

export interface Animal {
  readonly name: string;
  readonly legs: number;
  readonly home: string;
  readonly food: string;
  readonly can: string;
}

export const animals: readonly Animal[] = [
  { name: "cat", legs: 4, home: "in a house", food: "fish", can: "climb" },
  { name: "dog", legs: 4, home: "in a house", food: "meat", can: "run" },
  { name: "horse", legs: 4, home: "in a stable", food: "hay", can: "run" },
  { name: "cow", legs: 4, home: "on a farm", food: "grass", can: "give milk" },
  { name: "goat", legs: 4, home: "on a farm", food: "leaves", can: "climb" },
  { name: "hen", legs: 2, home: "on a farm", food: "corn", can: "lay eggs" },
  { name: "duck", legs: 2, home: "on a pond", food: "weeds", can: "swim" },
  { name: "owl", legs: 2, home: "in a wood", food: "mice", can: "fly" },
  { name: "crow", legs: 2, home: "in a wood", food: "seeds", can: "fly" },
  { name: "fox", legs: 4, home: "in a wood", food: "hens", can: "run" },
  { name: "frog", legs: 4, home: "on a pond", food: "flies", can: "jump" },
  { name: "spider", legs: 8, home: "in a web", food: "flies", can: "climb" },
  { name: "bee", legs: 6, home: "in a hive", food: "honey", can: "fly" },
  { name: "rabbit", legs: 4, home: "in a burrow", food: "carrots", can: "jump" },
];

export interface Thing {
  readonly name: string;
  /** What sort of thing it is: "tool", "piece of furniture". */
  readonly kind: string;
  readonly materials: readonly string[];
  /** After "to": what it is for. */
  readonly use: string;
}

const thing = (name: string, kind: string, materials: string, use: string): Thing => ({
  name,
  kind,
  materials: materials.split(" "),
  use,
});

export const things: readonly Thing[] = [
  thing("saw", "tool", "iron steel", "cut wood"),
  thing("hammer", "tool", "iron steel", "drive nails"),
  thing("spade", "tool", "iron wood", "dig the ground"),
  thing("ladder", "tool", "wood steel", "reach high places"),
  thing("drill", "tool", "steel iron", "make holes"),
  thing("plough", "machine", "iron steel", "turn the soil"),
  thing("pump", "machine", "iron brass", "move water"),
  thing("press", "machine", "iron wood", "print pages"),
  thing("boat", "vehicle", "wood steel", "cross the water"),
  thing("cart", "vehicle", "wood iron", "carry loads"),
  thing("wagon", "vehicle", "wood iron", "carry goods"),
  thing("bicycle", "vehicle", "steel iron", "ride to town"),
  thing("table", "piece of furniture", "wood stone", "eat at"),
  thing("chair", "piece of furniture", "wood straw", "sit on"),
  thing("bed", "piece of furniture", "wood iron", "sleep in"),
  thing("coat", "piece of clothing", "wool cloth", "keep warm"),
  thing("hat", "piece of clothing", "wool straw", "keep off the sun"),
  thing("scarf", "piece of clothing", "wool silk", "keep warm"),
  thing("lamp", "thing of the house", "brass glass", "give light"),
  thing("kettle", "thing of the house", "brass iron", "boil water"),
  thing("bowl", "thing of the house", "clay wood", "hold soup"),
  thing("basket", "thing of the house", "straw wood", "carry fruit"),
  thing("drum", "instrument", "wood brass", "make music"),
  thing("flute", "instrument", "wood silver", "make music"),
  thing("clock", "instrument", "brass wood", "tell the time"),
  thing("tent", "shelter", "cloth wool", "sleep outdoors"),
  thing("hall", "building", "stone wood", "hold meetings"),
  thing("barn", "building", "wood stone", "store hay"),
];

/** What can stand in a room, be sold at a market or be given away. */
export const goods: readonly Thing[] = things.filter(({ kind }) => kind !== "building");

export const foods: readonly string[] =
  "bread cheese soup apples plums berries honey fish rice beans onions carrots cake milk butter eggs".split(
    " ",
  );
