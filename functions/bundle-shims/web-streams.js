// Reason: fetch-blob contains a fallback polyfill (74 kB) of the web streams that Node has had since version 18.
module.exports = require("node:stream/web");
