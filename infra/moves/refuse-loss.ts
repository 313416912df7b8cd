import { QtError } from "../../errors/qt-error";
import { isSamePlace, type Place, type Shape } from "./shape";

type Movable = "automationAccount" | "database";

/** The setting that says where it is. */
const settings = { automationAccount: "automationAccount", database: "sqlServer" } as const;

/**
 * Refuses a move that would lose what the tenant has, or that cannot follow what is deployed.
 * @param now Its shape from this deployment on. @param before The deployed one; undefined of an earlier version.
 * @throws QtError QT1295 to QT1298
 */
export function refuseLossyMove(now: Shape, before: Shape | undefined, protect: boolean): void {
  if (before === undefined) return;
  for (const kind of ["database", "automationAccount"] as const)
    refuse(kind, now[kind], before[kind], protect);
}

function refuse(kind: Movable, now: Place, before: Place, protect: boolean): void {
  const setting = `quantemplate:move.${kind}`;
  const holder = `quantemplate:existing.${settings[kind]}`;
  const step = now.generation - before.generation;
  if (step === 0) {
    if (!isSamePlace(now.at, before.at) && kind === "database" && protect)
      throw new QtError("QT1295", {
        ...{ from: before.at, to: now.at, setting },
        ...{ generation: before.generation + 1 },
      });
    if (now.from !== undefined && !isSamePlace(now.from, before.from))
      throw new QtError("QT1297", { setting, from: now.from, generation: now.generation });
    return;
  }
  // Back to the one before, as long as it is there.
  if (step === -1 && isSamePlace(now.at, before.from) && now.from === undefined) return;
  if (step !== 1 || isSamePlace(now.at, before.at) || !isSamePlace(now.from ?? before.at, before.at))
    throw new QtError("QT1296", {
      ...{ setting, holder, deployed: before.generation, generation: now.generation },
      ...{ at: before.at, wanted: before.generation + 1 },
    });
  if (before.from !== undefined) throw new QtError("QT1298", { setting, from: before.from });
  if (now.from === undefined && kind === "database" && protect)
    throw new QtError("QT1295", {
      ...{ from: before.at, to: now.at, setting },
      ...{ generation: now.generation },
    });
}
