import { type Cell, cell, missing } from "./cell";
import { Draw, mix } from "./draw";
import { currencies, notes } from "./vocabulary";

const draw = new Draw();
const dates = Array.from({ length: 900 }, (_, i) =>
  new Date(Date.UTC(2024, 0, 1) + i * 86_400_000).toISOString().slice(0, 10),
);
const noteTypes = [
  "First notification",
  "Reserve review",
  "Adjuster's report",
  "Settlement",
  "Recovery, third party",
].map(cell);

/** Row `index` of the claims notes. Every fortieth row repeats the one before it, cell by cell. */
export function claimsRow(seed: number, index: number, revision: number): Cell[] {
  const source = index % 40 === 39 ? index - 1 : index;
  draw.restart(mix(seed ^ 0x5eed, source));
  return [
    `CLM-${String(Math.floor(source / 4)).padStart(8, "0")}`,
    draw.pick(dates),
    draw.pick(noteTypes),
    draw.chance(15)
      ? missing
      : `${draw.chance(30) ? "-" : ""}${draw.below(500_000) + 1}.${draw.below(90) + 10}`,
    draw.pick(currencies),
    revision === 0 ? draw.pick(notes) : cell(`Amended (${revision}) in row ${index}, see file`),
  ];
}
