import { describeHistories } from "./random-histories";

describeHistories(15);
