import assert from "node:assert/strict";
import { lintTsql } from "./lint";

const tables = `create table qt.t (
  id   int constraint t_key primary key,
  name nvarchar(60) collate Latin1_General_BIN2 not null,
  head nvarchar(400) collate Latin1_General_BIN2 not null,
  type nvarchar(20) not null,
  note nvarchar(max) null
);`;
const functions = `alter function qt.text_of (@type nvarchar(20)) returns nvarchar(max) as begin return @type; end`;
const known = [
  { name: "tables", text: tables },
  { name: "functions", text: functions },
];
/** The faults of a text, without the file name. */
const lint = (text: string) =>
  lintTsql([{ name: "f", text }], [...known, { name: "f", text }]).map((fault) => fault.replace(/^f:/, ""));

function finds(what: RegExp, texts: readonly string[]): void {
  for (const text of texts) {
    const found = lint(text);
    assert.equal(found.length, 1, `${text}\n${found.join("\n")}`);
    assert.match(found[0] ?? "", what, text);
  }
}
function passes(texts: readonly string[]): void {
  for (const text of texts) assert.deepEqual(lint(text), [], text);
}

describe("the lint of T-SQL: collations that meet", () => {
  const bad = [
    "select @x = string_agg(cast(N'\"' + c.name + N'\":\"' + c.type + N'\"' as nvarchar(max)), N',') from qt.t c",
    "select @x = string_agg(qt.text_of(c.type) + quotename(c.name), N',') from qt.t c",
    "select @x = string_agg(case when c.id = 1 then c.name + c.type end, N',') from qt.t as c",
    "select replace(c.name + c.type, N'a', N'b') from qt.t c",
    "select @n = len(c.type + c.name) from qt.t c",
    "select left(c.name + N', ' + c.type, 9) from qt.t c",
    "select @x = string_agg(d.a + d.b, N',') from (select c.name as a, c.type as b from qt.t c) d",
    "select c.name + N':' + c.type as pair from qt.t c",
  ];

  it("finds a mix that is passed to string_agg, replace, left or len, or that becomes a column", () => {
    finds(/collations without an explicit one/, bad);
  });

  it("accepts one column, columns of the same collation, numbers, variables, and an explicit collation", () => {
    passes([
      "select @x = string_agg(cast(N'[' + c.name + N']' as nvarchar(max)), N',') from qt.t c",
      "select @x = string_agg(c.name + N'.' + c.head, N',') from qt.t c",
      "select @x = string_agg(cast(c.id as nvarchar(10)) + c.name + @y, N',') from qt.t c",
      "select @x = string_agg(case when c.type = N'int' then c.name end, N',') from qt.t c",
      "select @x = string_agg(c.name + cast(len(c.type) as nvarchar(9)), N',') from qt.t c",
      "select @x = string_agg(c.name collate Latin1_General_BIN2 + c.type, N',') from qt.t c",
      "select @x = c.name + c.type from qt.t c",
      "select @x = string_agg(d.a, N',') within group (order by d.b) from (select N'(' + string_agg(c.name, N',') within group (order by c.type) + N')' as a, 1 as b from qt.t c) d",
      "select left(d.a, d.b) from (select c.name as a, charindex(N'e', c.type) as b from qt.t c) d",
      "select @x = N'string_agg(c.name + c.type, 1)' -- string_agg(c.name + c.type, 1)",
    ]);
  });

  it("finds a text column of a temporary table without a collation", () => {
    finds(/column b of #t has no explicit collation/, [
      "create table #t (a nvarchar(9) collate Latin1_General_BIN2 not null, b nvarchar(max) null)",
      "create table #t (a int not null, b nchar(1) not null)",
      "set @sql = N'create table #t (a int, b nvarchar(9))'",
    ]);
    passes(["create table #t (a int, b decimal(9, 2), c nvarchar(max) collate Latin1_General_BIN2 null)"]);
  });

  it("finds a comparison with empty text without a collation, in code and in generated SQL", () => {
    finds(/<> N'' without a collation/, [
      "select * from qt.t c where ltrim(rtrim(c.note)) <> N''",
      "select * from qt.t c where c.note <> N''",
      "set @sql = N'select * from ' + @t + N' where ltrim(rtrim(' + @c + N')) <> N'''' and 1 = 1'",
    ]);
    passes([
      "select * from qt.t c where ltrim(rtrim(c.note)) <> N'' collate Latin1_General_BIN2",
      "select * from qt.t c where c.note collate Latin1_General_BIN2 <> N''",
      "select * from qt.t c where c.note + N'.' <> N'' + N'.'",
      "if @piece <> N'' set @n = 1",
      "set @sql = N'where ltrim(rtrim(' + @c + N')) <> N'''' collate Latin1_General_BIN2'",
      "set @message = N'say <> N and not more' -- c.note <> N''",
    ]);
  });
});

describe("the lint of T-SQL: names", () => {
  it("finds a constraint without a name, and a named one on a temporary table", () => {
    finds(/has (no|a) name/, [
      "create table qt.x (a int not null primary key)",
      "create table qt.x (a int not null constraint x_a default 0 check (a > 0))",
      "create table qt.x (a int not null, unique (a))",
      "create table qt.x (a int references qt.t (id))",
      "alter table qt.x add b int not null default 0;",
      "create table #x (a int constraint x_a primary key)",
    ]);
    passes([
      "create table qt.x (a int not null constraint x_key primary key, constraint x_a unique (a), b int constraint x_b default 0)",
      "create table qt.x (a int, constraint x_t foreign key (a) references qt.t (id))",
      "create table qt.x (a int constraint x_t references qt.t (id), b int constraint x_b check (b in (1, 2)))",
      "create table #x (a int primary key)",
      "create unique index x on qt.t (name)",
    ]);
  });

  it("finds a quotename whose argument may be longer than a name", () => {
    finds(/quotename of up to/, [
      "declare @a nvarchar(129); set @b = quotename(@a)",
      "declare @a nvarchar(max); set @b = quotename(@a)",
      "set @b = quotename(@unknown)",
      "select quotename(c.head) from qt.t c",
      "update qt.t set note = quotename(head)",
      "declare @a nvarchar(120); set @b = quotename(@a + N'_long_tail')",
      "select quotename(qt.text_of(c.type)) from qt.t c",
      "select quotename(k.head) from (select c.head from qt.t c) k",
    ]);
    passes([
      "declare @a nvarchar(128); set @b = quotename(@a)",
      "declare @a nvarchar(60); set @b = quotename(@a + N'_feed')",
      "select quotename(c.name) from qt.t c",
      "select quotename(left(c.head, 128)) from qt.t c",
      "select quotename(cast(c.head as nvarchar(128))) from qt.t c",
    ]);
  });

  it("finds a name that is not in lower case", () => {
    finds(/is not in lower case/, ["set @Name = 1", "select C.name from qt.t c", "exec qt.Fail 1"]);
    passes([
      "exec sp_getapplock @Resource = @name, @LockMode = N'Exclusive'",
      "select c.COLUMN_NAME from INFORMATION_SCHEMA.COLUMNS c",
      "select [Title] from qt.t -- Comment",
    ]);
  });

  it("reports the line, even in generated SQL", () => {
    assert.match(
      lint("-- one\nselect N'\nwhere c.a <> N''''', /* three\nfour */ @Five")[1] ?? "",
      /^3 <> N''/,
    );
  });
});
