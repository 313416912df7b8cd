import type { DatasetInput } from "../../infra/dataset-schema";
import type { Recorder } from "./recorder";

/** The calls that are recorded into one file, in the order that their state requires. */
export interface Scenario {
  /** The file's name, without `.sql`. */
  readonly name: string;
  readonly about: string;
  play(recorder: Recorder): Promise<void>;
}

const hostile = [
  "id",
  "it's",
  'say "no"',
  "[a",
  "b]c",
  "100 % %s",
  "% Change",
  "日本",
  "Größe €",
  "--",
  "@v",
  "select",
  "x".repeat(128),
];
const hostileRow = (id: string) => [id, ...hostile.slice(1)];

const types = {
  an_int: { type: "int" },
  a_bigint: { type: "bigint", onError: "null" },
  a_decimal: { type: "decimal(10,2)" },
  a_float: { type: "float" },
  a_bit: { type: "bit", onError: "null" },
  a_date: { type: "date" },
  a_datetime2: { type: "datetime2" },
} as const;
const typed = [...Object.keys(types), "a_text"];
const typedRow = ["1", "2", "3.5", "4.25", "yes", "2024-02-29", "2024-02-29T10:11:12.345Z", "x"];

const feed = { epoch: null, after_version: 0, after_row: 0, upto: null, limit: 10 };

export const scenarios: readonly Scenario[] = [
  // First, because its purge drops every retired table.
  {
    name: "erasures",
    about: "A row that is erased, a snapshot that has it, and a retired table that is dropped.",
    async play(recorder) {
      const [dataset_id, header] = ["it's", ["it's", "n", "%"]];
      const dataset = {
        id: dataset_id,
        table: "erased",
        keyColumns: ["it's", "n"],
        types: { n: { type: "int" } },
      };
      await recorder.configure("configure", [dataset]);
      await recorder.load("first publish", dataset_id, header, [["1", "1", "x"]]);
      const key = JSON.stringify({ "it's": "1", n: "01" });
      await recorder.call("erase", "qt.erase", { dataset_id, key });
      const rows = [
        ["1", "1", "x"],
        ["2", "2", "x"],
      ];
      await recorder.load("publish of the erased row", dataset_id, header, rows);
      await recorder.load("publish of only the erased row", dataset_id, header, rows.slice(0, 1));
      await recorder.call("lift", "qt.lift_erasure", { dataset_id, key });
      await recorder.configure("retire", []);
      await recorder.call("retention", "qt.set_retention", { retired_tables_days: 0 });
      await recorder.call("purge", "qt.purge", {});
    },
  },
  {
    name: "hostile-headers-keyed",
    about: "A dataset with a key whose headers and table name are hostile: landed, loaded, changed, read.",
    async play(recorder) {
      const dataset = { id: "it's", table: "It's [100 %]", keyColumns: ["id", "% Change"] };
      await recorder.configure("configure", [dataset]);
      await recorder.load("first publish", "it's", hostile, [hostileRow("1"), hostileRow("2")]);
      await recorder.load("publish of the same", "it's", hostile, [hostileRow("1"), hostileRow("2")]);
      await recorder.call("read", "qt.changes", { ...feed, dataset_id: "it's" });
    },
  },
  {
    name: "hostile-headers-keyless",
    about: "The same without a key.",
    async play(recorder) {
      await recorder.configure("configure", [{ id: "k", table: "keyless" }]);
      await recorder.load("first publish", "k", hostile, [hostileRow("1"), hostileRow("1")]);
      await recorder.load("publish of a change", "k", hostile, [hostileRow("1"), hostileRow("2")]);
      await recorder.call("read", "qt.changes", { ...feed, dataset_id: "k" });
    },
  },
  {
    name: "types",
    about: "Every type, one of them in the key: loaded, changed, read.",
    async play(recorder) {
      await recorder.configure("configure", [
        { id: "t", table: "types", keyColumns: ["an_int", "a_text"], types },
      ]);
      await recorder.load("first publish", "t", typed, [typedRow]);
      await recorder.load("publish of a change", "t", typed, [typedRow.with(3, "5.5")]);
      await recorder.call("read", "qt.changes", { ...feed, dataset_id: "t" });
    },
  },
  {
    name: "formats",
    about:
      "Each kind of format: values in it, some that are emptied, some that are named, and a text that becomes a date.",
    async play(recorder) {
      const formats = {
        day: { type: "date", format: "dd/MM/yyyy" },
        month: { type: "date", format: "d-MMM-yyyy '[%_" },
        at: { type: "datetime2", format: "d/M/yyyy H:mm:ss.fff" },
        number: { type: "int", thousands: "'" },
        amount: { type: "decimal(18,2)", thousands: ".", decimal: "," },
        share: { type: "decimal(9,4)", percent: true },
        rate: { type: "float", thousands: "\u202f", decimal: ",", percent: true },
      } as const;
      const header = ["id", ...Object.keys(formats)];
      const row = [
        "1",
        "29/02/2024",
        "9-Feb-2024 '[%_",
        "9/2/2024 7:05:06.7",
        "1'234",
        "1.234,5",
        "12.5 %",
        "0,7%",
      ];
      const dataset = (types: NonNullable<DatasetInput["types"]>) => ({
        id: "f",
        table: "formats",
        keyColumns: ["id"],
        types,
      });
      const lenient = Object.entries(formats).map(([name, declared]) => [
        name,
        { ...declared, onError: "null" as const },
      ]);
      await recorder.configure("configure", [dataset(Object.fromEntries(lenient))]);
      await recorder.load("publish that empties cells", "f", header, [
        row,
        ["2", ...new Array<string>(7).fill("x")],
      ]);
      await recorder.configure("configure, strictly", [dataset(formats)]);
      await recorder.load("values that do not convert", "f", header, [row.with(1, "2024-02-29")], "QT4015");
      await recorder.configure("configure text", [{ id: "g", table: "texts" }]);
      await recorder.load("publish text", "g", ["day"], [["29/02/2024"]]);
      await recorder.configure("text to a date", [{ id: "g", table: "texts", types: { day: formats.day } }]);
    },
  },
  {
    name: "drift",
    about:
      "Columns that come and go, a snapshot that is empty, a run that fails, and the purge of what was deleted.",
    async play(recorder) {
      await recorder.configure("configure", [
        {
          id: "d",
          table: "drift",
          keyColumns: ["id"],
          types: { n: { type: "int" } },
          guards: { allowEmpty: true },
        },
      ]);
      await recorder.load("first publish", "d", ["id", "a"], [["1", "x"]]);
      await recorder.load("publish of a new column", "d", ["id", "a", "n"], [["1", "x", "1"]]);
      await recorder.load("publish without a column", "d", ["id", "n"], [["1", "1"]]);
      await recorder.load("publish of an empty snapshot", "d", ["id", "n"], []);
      await recorder.fail("d", ["id", "n"]);
      await recorder.call("purge", "qt.purge", { retention_days: 0 });
    },
  },
  {
    name: "refused-values",
    about: "What names the cells that do not convert, the keys that come twice and those that are missing.",
    async play(recorder) {
      const dataset = {
        table: "refused",
        keyColumns: ["it's", "n"],
        types: { n: { type: "int" }, "it's a day %": { type: "date" } },
      };
      await recorder.configure("configure", [{ id: "r", ...dataset }]);
      const header = ["it's", "n", "it's a day %"];
      await recorder.load("values that do not convert", "r", header, [["1", "x", "y"]], "QT4015");
      await recorder.load(
        "a key twice in the first publish",
        "r",
        header,
        [
          ["1", "1", null],
          ["1", "01", null],
        ],
        "QT4012",
      );
      await recorder.load("a key without a value", "r", header, [["1", null, null]], "QT4013");
      await recorder.load("first publish", "r", header, [["1", "1", null]]);
      await recorder.load(
        "a key twice in a later publish",
        "r",
        header,
        [
          ["1", "1", null],
          ["1", "01", null],
        ],
        "QT4012",
      );
    },
  },
  {
    name: "type-changes",
    about: "Each type as the old one and as the new one, in a table that holds values.",
    async play(recorder) {
      const declared = ([number, time]: readonly [string, string]) => [
        {
          id: "c",
          table: "changing",
          keyColumns: ["id"],
          types: { "a number": { type: number }, "a time": { type: time } },
        },
      ];
      await recorder.configure("configure", declared(["text", "text"]));
      await recorder.load("first publish", "c", ["id", "a number", "a time"], [["1", "1", "2024-02-29"]]);
      recorder.take();
      const steps = [
        ["int", "date"],
        ["bigint", "datetime2"],
        ["decimal(10,2)", "text"],
        ["float", "text"],
        ["bit", "text"],
        ["text", "text"],
      ] as const;
      for (const step of steps) await recorder.configure(`to ${step.join(" and ")}`, declared(step));
      await recorder.configure("from text, with a value that does not convert", declared(["text", "text"]));
    },
  },
  {
    name: "type-changes-beside",
    about:
      "A large table of which two columns get other types, with a load and a purge meanwhile; then a wish that is taken back, and a value that does not convert.",
    async play(recorder) {
      const configure = (number: string, time: string) =>
        recorder.configure(`to ${number} and ${time}`, [
          {
            id: "b",
            table: "beside",
            keyColumns: ["id"],
            types: { "a number": { type: number }, "a time": { type: time, onError: "null" } },
          },
        ]);
      const step = (title: string, rows: number) => recorder.call(title, "qt.change_types", { rows });
      const header = ["id", "a number", "a time"];
      await recorder.set("rows_changed_at_once", "0");
      await configure("text", "text");
      const rows = ["1", "2", "3"].map((id) => [id, id, "2024-02-29"]);
      await recorder.load("first publish", "b", header, rows);
      await recorder.load("publish without a row", "b", header, rows.slice(0, 2));
      recorder.take();
      await configure("float", "date");
      await step("begin", 1);
      await step("copy", 1);
      await recorder.load(
        "publish of a new column",
        "b",
        [...header, "new"],
        [
          ["1", "7", null, "x"],
          ["2", "2", null, "y"],
        ],
      );
      await recorder.call("purge", "qt.purge", { retention_days: 0 });
      await step("copy what was loaded, and switch", 10);
      await configure("text", "datetime2");
      await step("begin again", 1);
      await configure("float", "date");
      await step("drop what is not wanted any more", 1);
      await configure("bit", "date");
      await step("begin a third time", 1);
      await step("refuse", 10);
    },
  },
  {
    name: "releases",
    about:
      "Two retired datasets whose table names are released: one that never published, and one whose rows stay.",
    async play(recorder) {
      await recorder.configure("configure", [
        { id: "e", table: "empty" },
        { id: "p", table: "published" },
      ]);
      await recorder.load("first publish", "p", ["id"], [["1"]]);
      await recorder.configure("retire", []);
      await recorder.call("never published", "qt.release_dataset", { table_name: "empty" });
      await recorder.call("published", "qt.release_dataset", { table_name: "published" });
    },
  },
  {
    name: "users",
    about:
      "A user of a managed identity: new, and of another identity before. They are shown, not made: no directory has them.",
    async play(recorder) {
      const user = { name: "adf [it's]", client_id: "6f9619ff-8b86-d011-b42d-00cf4fc964ff" };
      await recorder.call("new", "qt.ensure_user", { ...user, role: "loader" });
      await recorder.addUser("of_another");
      await recorder.call("of another identity before", "qt.ensure_user", {
        ...user,
        name: "of_another",
        role: "reader",
      });
    },
  },
];

/** Numbers of columns whose statements are only measured, being too long to read. Two widths are enough to extrapolate. */
export const measuredWidths = [40, 80] as const;

/** The types whose statements are measured. The statements of all other types are shorter. */
export const measuredTypes = ["int", "float", "decimal(38,9)", "datetime2", "text"] as const;

/** Loads and reads a table with that many columns of a type; its key column is text. */
export async function playWide(recorder: Recorder, type: string, width: number): Promise<void> {
  const id = `${type.replace(/\W.*/, "")}_${width}`;
  const [key = "", ...others] = Array.from({ length: width }, (_, index) => `column ${index}`);
  const types = Object.fromEntries(others.map((name) => [name, { type }]));
  await recorder.configure("configure", [{ id, table: id, keyColumns: [key], types }]);
  await recorder.load("publish", id, [key, ...others], [["1", ...new Array<null>(others.length).fill(null)]]);
  await recorder.call("read", "qt.changes", { ...feed, dataset_id: id });
}
