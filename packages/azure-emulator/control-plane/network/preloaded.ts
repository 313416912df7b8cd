import { connectFrom } from "./connect-from";

// Loaded before a program of its own: the environment says from where it is to connect.
const { EMULATOR_CONNECT_FROM: address } = process.env;
if (address) connectFrom(address);
