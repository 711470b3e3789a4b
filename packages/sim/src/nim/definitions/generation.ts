/** Releases of the NIM Operator whose custom resource definitions differ: 3.0.0, 3.1.2 and its newest. */
export type Generation = "3.0" | "3.1" | "head";

/** All of them, the oldest first. */
export const GENERATIONS: readonly Generation[] = ["3.0", "3.1", "head"];
