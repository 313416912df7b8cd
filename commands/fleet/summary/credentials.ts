import { secretNamePattern } from "../../../infra/secret-names";
import { MASK } from "./model";

/**
 * Masks the credentials in a text that are recognisable by their form: in addresses and connection strings, in assignments in
 * scripts and YAML, and keys and tokens with a known form. Text that only mentions a secret stays.
 */
export function withoutCredentials(text: string): string {
  return rules.reduce((masked, rule) => rule(masked), text);
}

type Rule = (text: string) => string;

/**
 * Masks what the pattern matches, except its groups `kept` and `end`.
 * @param isSecret Gets the group `value`, or everything that would be masked, and the text around the match.
 */
function masking(
  pattern: RegExp,
  isSecret: (value: string, before: string, after: string) => boolean = () => true,
): Rule {
  return (text) =>
    text.replace(pattern, (...found: unknown[]) => {
      const groups = found.at(-1) as { kept?: string; value?: string; end?: string };
      const [all, offset] = [String(found[0]), Number(found.at(-3))];
      const { kept = "", end = "" } = groups;
      const value = groups.value ?? all.slice(kept.length);
      const around = [text.slice(0, offset), text.slice(offset + all.length)] as const;
      return value.startsWith(MASK) || !isSecret(value, ...around) ? all : `${kept}${MASK}${end}`;
    });
}

const name = `(?<![\\w$.:-])${secretNamePattern}`;
/** The assignment after a name that may be quoted. Not a comparison or an arrow. */
const assigned = `\\\\?["']?\\s*(?::|=(?![=~>]))\\s*`;
const queryName = `(?:sig|token|code|key|access_token|${secretNamePattern})`;

const rules: readonly Rule[] = [
  // RFC 7468; a truncated key has no end.
  masking(
    /(?<kept>-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)[\s\S]*?(?<end>-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  ),
  // RFC 7519: a header and claims, each starting with {" in base64; an encrypted token has five parts.
  masking(/\beyJ[\w-]{8,}(?:\.[\w-]*){2,4}/g),
  // The token prefixes of GitHub, GitLab, Pulumi and Slack.
  masking(
    /\b(?:gh[opsru]_\w{6,}|github_pat_\w{6,}|glpat-[\w-]{6,}|pul-[0-9a-f]{20,}|xox[abeprs]-[\w-]{6,})/g,
  ),
  // RFC 3986, user information: a password ends at the last @. A single value that is too long for a user name is a token.
  masking(/(?<kept>:\/\/[^/:@\s"'<>]*:)(?:[^/\s"'<>]+|(?:[^@/\s"'<>]|["'<>](?![\s,:;)\]}]))+)(?=@)/g),
  masking(/(?<kept>\bhttps?:\/\/)[^/:@\s"'<>[\]]{20,}(?=@)/gi),
  // A query, also inside another one; a signature also on its own.
  masking(new RegExp(`(?<kept>[?&]${queryName}=)[^&;"'\\s<>]+`, "gi")),
  masking(/(?<kept>(?<![\w$.-])(?:sig|access_token)=)[^&;"'\s<>]+/gi),
  masking(
    new RegExp(`(?<kept>%(?:25)*(?:3F|26)${queryName}%(?:25)*3D)(?:(?!%(?:25)*26)[^&;"'\\s<>])+`, "gi"),
  ),
  // RFC 6750 and 7617.
  masking(/(?<kept>\bBearer\s+)[\w.~+/=-]{8,}/gi),
  masking(/(?<kept>\bBasic\s+)[\w+/-]{8,}={0,2}/gi, (value) => !word.test(value)),
  // password: "…", $password = '…', Password="…", also with escaped quotes.
  masking(
    new RegExp(
      `(?<kept>${name}${assigned}N?(?<quote>["']))(?<value>(?:\\\\.|\\k<quote>{2}|(?!\\k<quote>)[^\\n])+)(?<end>\\k<quote>)`,
      "gi",
    ),
    (value) => !isReference(value),
  ),
  masking(
    new RegExp(
      `(?<kept>${name}${assigned}(?<quote>\\\\["']))(?<value>(?:(?!\\k<quote>)[^\\n])+)(?<end>\\k<quote>)`,
      "gi",
    ),
    (value) => !isReference(value),
  ),
  // Password=…; in a connection string, DB_PASSWORD=… in an environment. A quote inside the value does not end it.
  masking(
    new RegExp(
      `(?<kept>(?<![?&\\w$.:-])${secretNamePattern}=(?![=~>]))(?!["']{2})(?<value>(?:[^;"'\\s]|["'](?![\\s,;)\\]}:]|$))+)`,
      "gi",
    ),
    (value) => !isReference(value.replace(/^["']/, "")) || /^\$\w+$/.test(value),
  ),
  // The same with blanks, unless it is code.
  masking(
    new RegExp(
      `(?<kept>${name}[ \\t]+=[ \\t]*|${name}=[ \\t]+)(?![=~>"'])(?<value>[^;"'\\s]+)(?=[ \\t]*(?:[;,]|\\r?$))`,
      "gim",
    ),
    (value, before, after) =>
      /;\s*$/.test(before) || /^\s*;\s*\w[\w ]*=/.test(after) || !(isReference(value) || isCode(value)),
  ),
  // A line of YAML, and an item in flow style.
  masking(
    new RegExp(
      `(?<kept>^[ \\t]*(?:- +)?["']?${secretNamePattern}["']?:[ \\t]+)(?<value>[^\\s"']\\S*)(?=[ \\t]*(?:#.*)?\\r?$)`,
      "gim",
    ),
    (value) => !isReference(value) && !isCode(value),
  ),
  masking(
    new RegExp(
      `(?<kept>[{,][ \\t]*["']?${secretNamePattern}["']?:[ \\t]*)(?<value>[^\\s,{}"']+)(?=[ \\t]*[,}])`,
      "gi",
    ),
    (value) => !isReference(value) && !isCode(value),
  ),
];

/** As in "Basic authentication": base64 of this length without a capital or a digit is very unlikely. */
const word = /^[A-Z]?[a-z-]+$/;

/** Between two texts of an expression: `', uriComponent(activity('`. */
const between = /^\s*'?\s*[,)+&].*[,(+&]\s*'?\s*$/;

/** A reference to a value, or a placeholder for one; not a value itself. */
const reference =
  /^(?:\$\{?[\w:.]+\}?|\$[({].*|[([{<&|>*~].*|@[\w{(].*[})]|%[\w.]+%|#\{.*|!\w+|(?:null|none|true|false|undefined|string|number|boolean|object|required|missing|invalid|expired|unknown)[;,]?)$/i;

function isReference(value: string): boolean {
  return reference.test(value) || between.test(value);
}

/** A call, a member, or a command of PowerShell. */
function isCode(value: string): boolean {
  return /\(|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|^[A-Z][a-z]+-[A-Z]\w+$/.test(value);
}
