import { type Cell, missing } from "./cell";
import { Draw, mix } from "./draw";
import {
  addresses,
  brokers,
  classesOfBusiness,
  countries,
  currencies,
  domiciles,
  insuredNames,
  notes,
} from "./vocabulary";

const dayMs = 86_400_000;
const firstInception = Date.UTC(2019, 0, 1);
const days = Array.from({ length: 365 * 8 }, (_, i) =>
  new Date(firstInception + i * dayMs).toISOString().slice(0, 10),
);
const riskCodes = Array.from({ length: 60 }, (_, i) => String(i + 1).padStart(3, "0"));
const percents = Array.from({ length: 400 }, (_, i) => String((i + 1) / 16));
/** Digits as text, so that wide decimals are assembled rather than computed. */
const fiveDigits = Array.from({ length: 100_000 }, (_, i) => String(i).padStart(5, "0"));
const twoDigits = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0"));

const stable = new Draw();
const volatile = new Draw();

/**
 * Row `index` of the bordereau after its `revision`-th endorsement, as a pure function of its arguments. An endorsement changes premium,
 * commission, taxes, endorsement number, time stamp and notes; every other cell keeps its text.
 */
export function bordereauRow(seed: number, index: number, revision: number): Cell[] {
  const draw = stable.restart(mix(seed, index));
  const endorsed = volatile.restart(mix(seed, index, revision + 1));
  const policy = Math.floor(index / 3);
  const inception = draw.below(days.length - 366);
  return [
    String(policy * 7 + 13).padStart(10, "0"),
    `B${fiveDigits[policy % 9999]?.slice(1)}QT${fiveDigits[draw.below(100_000)]}`,
    String((index % 3) + 1),
    `${900_719_925 + (index % 1000)}${fiveDigits[draw.below(100_000)]}${fiveDigits[draw.below(100_000)]}`,
    draw.pick(insuredNames),
    draw.pick(addresses),
    draw.chance(4) ? missing : `0${fiveDigits[draw.below(100_000)]}`,
    draw.pick(countries),
    draw.pick(classesOfBusiness),
    draw.pick(riskCodes),
    days[inception] as string,
    days[inception + 365] as string,
    draw.pick(currencies),
    `${draw.below(900) + 100}${fiveDigits[draw.below(100_000)]}.${twoDigits[draw.below(100)]}`,
    premium(endorsed),
    draw.pick(percents),
    `${endorsed.chance(3) ? "-" : ""}${endorsed.below(90_000) + 1}.${twoDigits[endorsed.below(100)]}`,
    endorsed.chance(10) ? missing : `${endorsed.below(9_000) + 1}.${twoDigits[endorsed.below(100)]}`,
    `${draw.below(2)}.${fiveDigits[draw.below(100_000)]}${draw.below(9000) + 1000}`,
    draw.pick(percents),
    draw.chance(30) ? "true" : "false",
    draw.chance(20) ? "Y" : "N",
    draw.pick(brokers),
    `00${draw.below(900) + 100}`,
    draw.pick(domiciles),
    String(revision),
    `${days[(inception + revision + 20) % days.length]}T${twoDigits[endorsed.below(24)]}:${twoDigits[endorsed.below(60)]}:${twoDigits[endorsed.below(60)]}.${endorsed.below(900) + 100}`,
    endorsed.pick(notes),
  ];
}

/** Ten decimal places; one in fifty uses all 38 digits. */
function premium(draw: Draw): string {
  const fraction = `${fiveDigits[draw.below(100_000)]}${fiveDigits[draw.below(100_000)]}`;
  if (!draw.chance(2)) return `${draw.below(9_000_000) + 1}.${fraction}`;
  let digits = String(draw.below(900) + 100);
  for (let i = 0; i < 5; i++) digits += fiveDigits[draw.below(100_000)];
  return `${draw.chance(10) ? "-" : ""}${digits}.${fraction}`;
}
