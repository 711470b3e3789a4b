import { expect, test } from "vitest";
import { templateData } from "./template-data.ts";

test("fields have the names of the document and those of aicr's own structures", () => {
  const data = templateData({
    metadata: { version: "1.0.0", sourceNode: "gpu-0" },
    measurements: [
      { type: "GPU", subtypes: [{ name: "smi", data: new Map([["type", "H100"]]) }] },
      { type: "K8s", subtypes: [] },
    ],
  });
  const subtype = {
    subtype: "smi",
    Subtype: "smi",
    Name: "smi",
    data: { type: "H100" },
    Data: { type: "H100" },
    context: {},
    Context: {},
  };
  const measurements = [
    { type: "K8s", Type: "K8s", subtypes: [], Subtypes: [] },
    { type: "GPU", Type: "GPU", subtypes: [subtype], Subtypes: [subtype] },
  ];
  const metadata = { version: "1.0.0", "source-node": "gpu-0" };
  expect(data).toEqual({
    kind: "Snapshot",
    Kind: "Snapshot",
    apiVersion: "aicr.nvidia.com/v1alpha1",
    APIVersion: "aicr.nvidia.com/v1alpha1",
    metadata,
    Metadata: metadata,
    measurements,
    Measurements: measurements,
  });
});

test("a context that is there is kept", () => {
  const data = templateData({
    metadata: {},
    measurements: [
      { type: "GPU", subtypes: [{ name: "smi", data: new Map(), context: new Map([["source", "nvidia-smi"]]) }] },
    ],
  });
  expect(data).toMatchObject({ Measurements: [{ Subtypes: [{ Context: { source: "nvidia-smi" } }] }] });
});
