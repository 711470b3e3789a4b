import { expect, test } from "vitest";
import { imageOf, pullPolicyOf, runId } from "./names.ts";

const HEX = (digits: number): string => "0123456789abcdef".slice(0, digits);

test("names and images", () => {
  expect(runId({ now: () => new Date("2026-01-02T03:04:05.678Z"), hex: HEX })).toBe("20260102-030405-0123456789abcdef");
  const image = "ghcr.io/nvidia/aicr-validators/deployment:latest";
  expect([
    imageOf(image, { version: "1.2.3" }),
    imageOf(image, { version: "dev" }),
    imageOf(image, { version: "1.2.3-next" }),
    imageOf("ghcr.io/nvidia/x:v1", { version: "1.2.3", registry: "localhost:5001/" }),
  ]).toEqual(["ghcr.io/nvidia/aicr-validators/deployment:v1.2.3", image, image, "localhost:5001/x:v1"]);
  expect(["a/b:latest", "a/b", "localhost:5000/b", "a/b:v1", "a/b@sha256:0"].map(pullPolicyOf)).toEqual([
    "Always",
    "Always",
    "Always",
    "IfNotPresent",
    "IfNotPresent",
  ]);
});
