/** Types that a tenant may declare for a column; every other column is landed as text. */
export type SampleType =
  | "text"
  | "int"
  | "bigint"
  | "float"
  | "bit"
  | "date"
  | "datetime2"
  | `decimal(${number},${number})`;

/** One column of a sample dataset, in the order of the CSV header. */
export interface SampleColumn {
  readonly header: string;
  readonly type: SampleType;
}

/** A dataset of the sample tenant: its id in Quantemplate, its table and its columns. */
export interface SampleDataset {
  readonly id: string;
  readonly table: string;
  /** Empty for a keyless dataset. */
  readonly keyColumns: readonly string[];
  readonly columns: readonly SampleColumn[];
}

/**
 * A premium bordereau as coverholders send it. Headers hold spaces, a percent sign, brackets, an ampersand and a non-ASCII letter, because
 * real ones do. A cell of a typed column is written as the change feed writes it, so that table and CSV compare as text.
 */
export const bordereau: SampleDataset = {
  id: "d-bordereau-premium",
  table: "premium_bordereau",
  keyColumns: ["Policy Reference", "Line Number"],
  columns: [
    { header: "Policy Reference", type: "text" },
    { header: "UMR", type: "text" },
    { header: "Line Number", type: "int" },
    { header: "Risk ID", type: "bigint" },
    { header: "Insured Name", type: "text" },
    { header: "Insured Address", type: "text" },
    { header: "Postcode", type: "text" },
    { header: "Country", type: "text" },
    { header: "Class of Business", type: "text" },
    { header: "Risk Code", type: "text" },
    { header: "Inception Date", type: "date" },
    { header: "Expiry Date", type: "date" },
    { header: "Currency", type: "text" },
    { header: "Sum Insured (100%)", type: "decimal(38,2)" },
    { header: "Gross Premium", type: "decimal(38,10)" },
    { header: "Brokerage %", type: "float" },
    { header: "Commission", type: "decimal(18,2)" },
    { header: "Taxes & Levies", type: "decimal(18,2)" },
    { header: "Rate of Exchange", type: "decimal(19,9)" },
    { header: "Signed Line %", type: "float" },
    { header: "Renewal", type: "bit" },
    { header: "Terrorism Cover", type: "text" },
    { header: "Broker", type: "text" },
    { header: "Coverholder PIN", type: "text" },
    { header: "Domicile / État", type: "text" },
    { header: "Endorsement Number", type: "int" },
    { header: "Last Updated", type: "datetime2" },
    { header: "Notes", type: "text" },
  ],
};

/** Notes on claims: no key, and some rows are equal in every cell. */
export const claimsNotes: SampleDataset = {
  id: "d-claims-notes",
  table: "claims_notes",
  keyColumns: [],
  columns: [
    { header: "Claim Reference", type: "text" },
    { header: "Note Date", type: "date" },
    { header: "Note Type", type: "text" },
    { header: "Reserve Movement", type: "decimal(18,2)" },
    { header: "Currency", type: "text" },
    { header: "Note", type: "text" },
  ],
};

/** The datasets that `Pulumi.dev.yaml` configures. */
export const sampleDatasets: readonly SampleDataset[] = [bordereau, claimsNotes];

/** The types to declare in the tenant's configuration: header → type, without the text columns. */
export function declaredTypes(dataset: SampleDataset): Record<string, SampleType> {
  return Object.fromEntries(dataset.columns.filter((c) => c.type !== "text").map((c) => [c.header, c.type]));
}
