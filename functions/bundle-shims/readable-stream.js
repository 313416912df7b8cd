// Reason: the package copies Node's own streams for old versions of Node (77 kB).
module.exports = require("node:stream");
