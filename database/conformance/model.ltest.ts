import { describeHistories } from "./random-histories";

describeHistories(Number(process.env.QT_HISTORIES ?? 1000));
