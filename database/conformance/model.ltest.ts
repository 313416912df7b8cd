import { describeHistories } from "./random-histories";

describeHistories(Number(process.env.QT_PROPERTY_RUNS ?? 30));
