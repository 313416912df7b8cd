import { relative } from "node:path";
import { QtError } from "../errors/qt-error";
import { messageOf } from "../packages/kit/reason-of";
import { projectRoot } from "./project-text";

/** As many places of the stack as lead to a defect. */
const mostPlaces = 4;

/** A defect of the program as an error of the catalogue: with its places in the project, and no path of the machine. */
export function unexpected(thrown: unknown): QtError {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const places = [...stack.matchAll(/\(?([^\s()]+):(\d+):\d+\)?$/gm)]
    .map(([, file = "", line]) => `${relative(projectRoot, file.replace(/^file:\/\//, ""))}:${line}`)
    .filter((place) => !place.startsWith("..") && !place.startsWith("node"))
    .slice(0, mostPlaces);
  return new QtError("QT1231", {
    reason: messageOf(thrown),
    places: places.join(", ") || "no place in the project",
  });
}
