export * from "./model.ts";
export { COLLECTOR_NAMES, type Collected, type Collector, type CollectorName } from "./collector.ts";
