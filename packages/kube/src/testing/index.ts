export { startCluster, type Cluster } from "./cluster.ts";
export { at, listAt, mapAt, textAt } from "./kinds.ts";
export type { Write } from "./store.ts";
