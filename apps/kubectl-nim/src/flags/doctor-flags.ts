import { textFlag } from "@slipway/terminal";
import { REPORT_FLAG } from "./report-flag.ts";

/** Flags of `kubectl nim doctor`. */
export const DOCTOR_FLAGS = {
  storageClass: textFlag("storage-class", {
    summary: "the storage class that is to be used; the default one unless given",
    group: "Selection",
    placeholder: "NAME",
  }),
  output: REPORT_FLAG,
} as const;
