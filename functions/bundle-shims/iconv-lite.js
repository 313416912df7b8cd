// Reason: iconv-lite's tables of East Asian code pages take 481 kB, the largest part of the bundle. Node's TextDecoder
// supports SQL Server's code pages, and the feed's columns are all nvarchar, which needs none of them.
const LABELS = { cp932: "shift_jis", cp936: "gbk", cp949: "euc-kr", cp950: "big5", cp874: "windows-874" };

function label(codepage) {
  const name = String(codepage).toLowerCase();
  return LABELS[name] ?? name.replace(/^cp(125\d)$/, "windows-$1");
}

function encode(text, codepage) {
  if (/^utf-?8$/i.test(String(codepage))) return Buffer.from(text, "utf8");
  // All parameters are nvarchar. If a change of the code adds a varchar one, this error shows it.
  for (const character of text) {
    if (character.codePointAt(0) > 0x7f)
      throw new Error(`This bundle cannot encode varchar text in ${codepage}; use nvarchar`);
  }
  return Buffer.from(text, "latin1");
}

module.exports = {
  decode: (bytes, codepage) => new TextDecoder(label(codepage)).decode(bytes),
  encode,
  getEncoder: (codepage) => ({ write: (text) => encode(text, codepage), end: () => undefined }),
};
