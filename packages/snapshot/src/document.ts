/** What every document of this room says it is written by. */
export const API_VERSION = "aicr.nvidia.com/v1alpha1";

/** How documents are written. */
export type DocumentFormat = "yaml" | "json" | "table";
