import { describeOptions } from "./testing/options-suite";

describeOptions(1);
