import { isForbiddenKey } from "@slipway/base";
import fc from "fast-check";
import { MEASUREMENT_TYPES, type Measurement, type Reading, type Snapshot, type Subtype } from "../model.ts";

const key = fc
  .oneof(
    fc.constantFrom("driver", "gpu.model", "gpu2", "gpu10", "/proc/sys/kernel/a.b", "~", "a/b", "1", "version", "ä"),
    fc.string({ minLength: 1, maxLength: 5 }),
  )
  .filter((text) => !isForbiddenKey(text) && !text.includes("\0"));

const reading: fc.Arbitrary<Reading> = fc.oneof(
  fc.constantFrom("570.158.01", "580.1", "", "a", "true", "1.50", "two\nlines"),
  fc.string({ maxLength: 6 }).filter((text) => !text.includes("\0")),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
  fc.boolean(),
);

const text = fc.constantFrom("a", "b", "1.0", "x y");

const subtype: fc.Arbitrary<Subtype> = fc
  .record({
    name: fc.constantFrom("server", "smi", "smi2", "smi10", "release", "containerd.service", ""),
    data: fc.array(fc.tuple(key, reading), { maxLength: 6 }),
    context: fc.array(fc.tuple(key, text), { maxLength: 2 }),
  })
  .map(({ name, data, context }) => ({
    name,
    data: new Map(data),
    ...(context.length === 0 ? {} : { context: new Map(context) }),
  }));

const measurement: fc.Arbitrary<Measurement> = fc.record({
  type: fc.constantFrom(...MEASUREMENT_TYPES, "Custom"),
  subtypes: fc.uniqueArray(subtype, { maxLength: 3, selector: ({ name }) => name }),
});

const metadata = fc.record(
  {
    version: text,
    timestamp: fc.constantFrom("2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z"),
    sourceNode: fc.constantFrom("gpu-0", "gpu-1"),
    notMeasured: fc.constant(new Map([["gpu", "no answer within 5 s"]])),
  },
  { requiredKeys: [] },
);

/** Any snapshot as collectors make it: a type and a subtype stand once. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  metadata,
  measurements: fc.uniqueArray(measurement, { maxLength: 4, selector: ({ type }) => type }),
});

/** Any snapshot as others may write it: types and subtypes stand several times. */
export const foreignSnapshot: fc.Arbitrary<Snapshot> = fc.record({
  metadata,
  measurements: fc.array(
    fc.record({ type: fc.constantFrom("GPU", "OS"), subtypes: fc.array(subtype, { maxLength: 3 }) }),
    { maxLength: 4 },
  ),
});
