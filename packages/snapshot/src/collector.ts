import type { SlipwayError } from "@slipway/base";
import type { MeasurementType, Subtype } from "./model.ts";

/** Names of collectors, as `--filter` and `--exclude` take them. */
export const COLLECTOR_NAMES = ["os", "systemd", "k8s", "gpu", "topology"] as const;
export type CollectorName = (typeof COLLECTOR_NAMES)[number];

/** What each collector measures. */
export const COLLECTOR_TYPES: Readonly<Record<CollectorName, MeasurementType>> = {
  os: "OS",
  systemd: "SystemD",
  k8s: "K8s",
  gpu: "GPU",
  topology: "NodeTopology",
};

/** What a collector found. */
export interface Collected {
  readonly subtypes: readonly Subtype[];
  /** Sentences about parts that could not be read, each with what to do about it, for standard error. */
  readonly notes: readonly string[];
  /** Why those parts could not be read. */
  readonly failures?: readonly SlipwayError[] | undefined;
}

/** Measures one side of a node or a cluster. Whatever it reads comes in when it is made. */
export interface Collector {
  readonly name: CollectorName;
  readonly type: MeasurementType;
  /**
   * @param signal is aborted at the collector's time limit, or at Ctrl-C
   * @throws SlipwayError when nothing at all could be read
   */
  collect(signal: AbortSignal): Promise<Collected>;
}
