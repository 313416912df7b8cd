/** What Kusto's own parser and binder say of a query: @kusto/language-service-next, by Microsoft. */
export interface LogQuery {
  /** Errors and warnings, each with the text it is about; none if the query is right. */
  readonly problems: readonly string[];
  /** The workspace's tables that it reads, without repetition. */
  readonly tables: readonly string[];
  /** The kinds of its operators: `FilterOperator`, `JoinOperator`. */
  readonly operators: readonly string[];
  /** The names of the columns that it returns. */
  readonly columns: readonly string[];
}

/**
 * The columns that the queries may use, of tables as they are documented
 * (https://learn.microsoft.com/azure/azure-monitor/reference/tables-index).
 */
const WORKSPACE: Readonly<Record<string, string>> = {
  ADFPipelineRun:
    "TimeGenerated: datetime, PipelineName: string, RunId: string, Status: string, Parameters: string, Start: datetime, End: datetime",
  ADFActivityRun:
    "TimeGenerated: datetime, PipelineName: string, PipelineRunId: string, ActivityName: string, ActivityType: string, Status: string, Input: string, Output: string",
  AppTraces: "TimeGenerated: datetime, AppRoleName: string, Message: string, SeverityLevel: int",
};

/** Members of the library, which its own declarations (1.7 MB) type less usefully. */
interface Kusto {
  readonly Language: {
    readonly GlobalState: { readonly Default: Globals };
    readonly KustoCode: { ParseAndAnalyze(text: string, globals: Globals): Code };
    readonly Symbols: {
      readonly TableSymbol: { readonly $ctor7: new (name: string, schema: string, about: null) => Symbol_ };
      readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: Symbol_[]) => Symbol_ };
    };
  };
}
interface Globals {
  WithDatabase(database: Symbol_): Globals;
}
interface Symbol_ {
  readonly Name: string;
}
interface Code {
  GetDiagnostics(): Listed<{ readonly Message: string; readonly Start: number; readonly Length: number }>;
  readonly Syntax: Node_;
  /** No table if the query cannot be read. */
  readonly ResultType: { readonly Columns?: Listed<Symbol_> } | null;
}
interface Node_ {
  readonly Kind: number;
  readonly ReferencedSymbol?: Symbol_ | null;
  readonly ChildCount: number;
  GetChild(index: number): Node_ | null;
  readonly constructor: { readonly $$name?: string };
}
interface Listed<T> {
  readonly Count: number;
  getItem(index: number): T;
}

let library: Kusto | undefined;

/** The library puts itself into the global scope, and takes a second to load. */
function kusto(): Kusto {
  if (library === undefined) {
    require("@kusto/language-service-next/bridge.min.js");
    require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
    library = (globalThis as unknown as { Kusto: Kusto }).Kusto;
  }
  return library;
}

/** Reads a query as a workspace with the documented tables does. */
export function readQuery(text: string): LogQuery {
  const { GlobalState, KustoCode, Symbols } = kusto().Language;
  const tables = Object.entries(WORKSPACE).map(
    ([name, columns]) => new Symbols.TableSymbol.$ctor7(name, `(${columns})`, null),
  );
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", tables));
  const code = KustoCode.ParseAndAnalyze(text, globals);
  const nodes = nodesOf(code.Syntax);
  const named = nodes.map(({ ReferencedSymbol }) => ReferencedSymbol?.Name ?? "");
  return {
    problems: listOf(code.GetDiagnostics()).map(
      ({ Message, Start, Length }) => `${text.slice(Start, Start + Length)}: ${Message}`,
    ),
    tables: [...new Set(named.filter((name) => Object.hasOwn(WORKSPACE, name)))],
    operators: nodes
      .map((node) => node.constructor.$$name?.split(".").at(-1) ?? "")
      .filter((name) => name.endsWith("Operator")),
    columns: listOf(code.ResultType?.Columns).map(({ Name }) => Name),
  };
}

function nodesOf(node: Node_): Node_[] {
  const below: Node_[] = [];
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    if (child !== null) below.push(...nodesOf(child));
  }
  return [node, ...below];
}

function listOf<T>(list: Listed<T> | undefined): T[] {
  return Array.from({ length: list?.Count ?? 0 }, (_, index) => (list as Listed<T>).getItem(index));
}
