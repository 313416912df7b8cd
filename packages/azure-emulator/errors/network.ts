import type { ErrorCatalogue } from "../../kit/errors/error-entry";

export const networkErrors = {
  QT6150: {
    what: "This machine cannot connect from the loopback address {address}, by which the emulator knows a caller inside a network.",
    safe: "Nothing was called; what needs no private network works.",
    next: "On macOS, add the address: `sudo ifconfig lo0 alias {address}`. Linux and Windows have it.",
  },
  QT6151: {
    what: "There is no subnet {subnet} in the emulator.",
    safe: "Nothing was run.",
    next: "Name one that is deployed, `<network>/<subnet>` or its id: {subnets}.",
  },
} as const satisfies ErrorCatalogue;
