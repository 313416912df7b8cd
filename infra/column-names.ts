import { normaliseName } from "../functions/src/names";
import { ownMember } from "../packages/kit/json-object";
import type { DatasetSettings } from "./dataset-schema";

/** The name of the column in which a header lands: the one that `columns` gives it, otherwise that of the header. */
export function columnName(header: string, columns: DatasetSettings["columns"]): string {
  return String(ownMember(columns, header) ?? normaliseName(header));
}
