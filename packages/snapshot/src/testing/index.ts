export { anySnapshot, foreignSnapshot } from "./any-snapshot.ts";
