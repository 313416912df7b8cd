export { count } from "./count";
export { JSON_VERSION, toJson } from "./json";
export { COMMENT_LIMIT, type MarkdownOptions, renderMarkdown } from "./markdown";
export { MASK, type Operation, type PropertyChange, type ResourceStep, type StackChanges } from "./model";
export { CUT_SHORT, changesFromEvents, type ReadOptions, readEventLog, readPreviewJson } from "./read";
export { failedPreview } from "./stack-changes";
export { type Section, type SharedChange, type StackTotals, type Summary, summarise } from "./summarise";
export { renderTerminal, type TerminalOptions } from "./terminal";
