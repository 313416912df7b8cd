import assert from "node:assert/strict";
import { numbersFrom } from "./mutations/draw";
import { acceptedPairs } from "./support/combinations/accepted";
import type { Pairs, Row } from "./support/combinations/all-pairs";
import { isClosed, titleOf } from "./support/combinations/factors";
import { type LandingZone, refusingPolicies, startLandingZone } from "./support/combinations/landing-zone";
import { runCombination } from "./support/combinations/run-combination";

/** `all`, numbers of rows such as `3,17`, or a count; five take two minutes. */
const WANTED = process.env.QT_COMBINATIONS || "5";
const seed = Number(process.env.QT_SEED || Date.now() % 1_000_000);

describe(`What tenant check accepts (QT_COMBINATIONS=${WANTED}, seed ${seed})`, function () {
  this.timeout(0);
  let pairs: Pairs;
  before(() => {
    pairs = acceptedPairs();
  });

  it("is every pair of choices, and each other pair is refused with a code", () => {
    const reasons = [...pairs.refused.values()];
    assert.deepEqual(
      reasons.filter((reason) => !/^QT\d{4} /.test(reason)),
      [],
    );
    say(`${pairs.covered} pairs in ${pairs.rows.length} combinations; ${reasons.length} pairs are refused`);
    assert.ok(pairs.covered > 1000);
    const kinds = [...pairs.refused.keys()].map(
      (pair) => /region=(us|china)|sku=dtu/.exec(pair)?.[0] ?? pair,
    );
    assert.deepEqual([...new Set(kinds)].sort(), [
      "elasticPool=brought, sku=businessCritical",
      "elasticPool=brought, sku=hyperscale",
      "elasticPool=brought, sku=provisioned",
      "region=china",
      "region=italynorth, backup=geo",
      "region=italynorth, function=few",
      "region=northeurope, function=few",
      "region=us",
      "sku=dtu",
    ]);
  });

  it("deploys, loads an event, stays as it is, and goes without a trace", async () => {
    const failed: string[] = [];
    for (const closed of [false, true]) {
      const rows = [...pairs.rows.entries()].filter(
        ([index, row]) => isClosed(row) === closed && isWanted(index),
      );
      if (rows.length === 0) continue;
      let zone: LandingZone | undefined;
      try {
        for (const [index, row] of rows) {
          zone ??= await startGuarded(closed);
          const started = performance.now();
          const failure = await runCombination(zone, `c${index + 1}`, row).then(
            () => undefined,
            (error: Error) => error.message,
          );
          const seconds = ((performance.now() - started) / 1000).toFixed(1);
          say(`${index + 1} ${failure === undefined ? "ok" : "FAILED"} ${seconds} s: ${titleOf(row)}`);
          if (failure === undefined) continue;
          say(failure);
          failed.push(`${index + 1} (${titleOf(row)})\n${failure}`);
          // What it leaves would be another's.
          await zone.close();
          zone = undefined;
        }
      } finally {
        await zone?.close();
      }
    }
    assert.deepEqual(failed, []);
  });

  /** A zone whose policies are seen to refuse what they must. */
  async function startGuarded(closed: boolean): Promise<LandingZone> {
    const zone = await startLandingZone(closed);
    const always = ["lz-allowed-locations", "lz-tls"];
    assert.deepEqual(
      await refusingPolicies(zone),
      closed ? [always[0], "lz-no-public-network", always[1]] : always,
    );
    return zone;
  }

  function isWanted(index: number): boolean {
    if (WANTED === "all") return true;
    if (WANTED.includes(",")) return WANTED.split(",").includes(String(index + 1));
    return sample().includes(index);
  }

  /** Numbers of rows, as many closed ones as open ones as far as there are. */
  function sample(): readonly number[] {
    const next = numbersFrom(seed);
    const drawn = [...pairs.rows.entries()].map(([index, row]): [number, Row, number] => [
      index,
      row,
      next(),
    ]);
    return drawn
      .sort(([, , one], [, , other]) => one - other)
      .slice(0, Number(WANTED))
      .map(([index]) => index);
  }
});

function say(line: string): void {
  process.stdout.write(`    ${line}\n`);
}
