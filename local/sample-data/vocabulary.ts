import { type Cell, cell, missing } from "./cell";

const places = [
  "Ålesund",
  "Borealis",
  "Cobalt",
  "Dunmore",
  "Éclair",
  "Fjörd",
  "Großmann",
  "Hōkai",
  "Île-de-France",
  "Jagiellońska",
  "Kestrel",
].concat([
  "Łódź",
  "Müller",
  "Nórdica",
  "O'Hara",
  "Peña",
  "Quetzal",
  "Røros",
  "São Paulo",
  "Тверь",
  "東京",
  "Ümit",
  "Vanguard",
  "Zürich",
]);
const trades = [
  "Shipping",
  "Marine",
  "Aviation",
  "Energy",
  "Logistics",
  "Holdings",
  "Freight",
  "Construction",
  "Mining",
  "Foods",
  "Telecom",
];
const forms = ["Ltd", "GmbH", "S.A.", "plc", "AB", "LLC", "K.K.", "B.V.", "Oy", "Pty", "株式会社"];

/** Names with commas, quotes, an apostrophe and characters of two to four bytes. */
export const insuredNames: readonly Cell[] = places.flatMap((place, p) =>
  trades.flatMap((trade, t) =>
    forms.map((form, f) => {
      const kind = (p * 7 + t * 3 + f) % 20;
      if (kind === 0) return cell(`${place} ${trade}, ${form}`);
      if (kind === 1) return cell(`${place} "${trade}" ${form}`);
      if (kind === 2) return cell(`${place} ${trade} ${form} 🚢`);
      return cell(`${place} ${trade} ${form}`);
    }),
  ),
);

const streets = [
  "Lime Street",
  "Rue de l'Église",
  "Hafenstraße",
  "Søndergade",
  "Carrer Major",
  "大手町",
  "Via Roma",
  "ulica Długa",
];
const lineBreaks = ["\n", "\r\n", ", "];

/** Addresses of two or three lines in one cell, with either line break, or on one line with commas. */
export const addresses: readonly Cell[] = Array.from({ length: 600 }, (_, i) => {
  const lines = [
    `${(i % 97) + 1} ${streets[i % streets.length]}`,
    places[i % places.length] ?? "",
    ...(i % 4 === 0 ? ["c/o Claims"] : []),
  ];
  return cell(lines.join(lineBreaks[i % lineBreaks.length]));
});

export const countries: readonly Cell[] = [
  "GB",
  "FR",
  "DE",
  "NO",
  "PL",
  "ES",
  "JP",
  "BR",
  "US",
  "CH",
  "TR",
  "IE",
];
export const currencies: readonly Cell[] = ["GBP", "USD", "EUR", "JPY", "CHF", "AUD"];
export const brokers: readonly Cell[] = [
  "Broker North",
  "Broker South",
  "Ex-Works, Broker",
  'Broker "Direct"',
  "Bröker AG",
].map(cell);
export const classesOfBusiness: readonly Cell[] = [
  "Marine Hull",
  "Marine Cargo",
  "Aviation",
  "Property, D&F",
  "Casualty",
  "Cyber",
  "D&O",
].map(cell);

/** Missing, quoted empty, blank and real values: four different things. */
export const domiciles: readonly Cell[] = [
  missing,
  cell(""),
  " ",
  "Genève",
  "Québec",
  "Île-de-France",
  "NULL",
  cell("Nord, Süd"),
];

/** Mostly missing, as notes are; the others are texts that break CSV readers. */
export const notes: readonly Cell[] = [
  ...Array.from({ length: 12 }, () => missing),
  cell(""),
  "renewal pending",
  "see slip",
  cell("multi-year deal, annual break"),
  cell('facultative "fronted" line'),
  cell("line one\nline two"),
  cell("line one\r\n\r\nline three"),
  cell("line one\rline two"),
  cell('"'),
  cell(',"'),
  " leading and trailing blanks ",
  "tab\there",
  "surveyed 👍🏽 – good condition ✅",
  "東京支店 確認済み",
  cell("'=SUM(A1:A9), not a formula"),
  "backslash \\ and \\n stay as they are",
];
