import fc from "fast-check";
import { expect, test } from "vitest";
import { IMAGES_OF_PODS, imageReadings, parseImage } from "./images.ts";

test.each([
  ["nvcr.io/nvidia/gpu-operator:v25.3.3", "nvidia/gpu-operator", "v25.3.3"],
  ["nvcr.io/nvidia/cloud-native/dcgm:4.3.1-1@sha256:0a1b", "nvidia/cloud-native/dcgm", "4.3.1-1"],
  ["registry.k8s.io/pause@sha256:0a1b", "pause", "latest"],
  ["localhost:5000/tools/aicr", "tools/aicr", "latest"],
  ["localhost/aicr:1", "aicr", "1"],
  ["busybox", "busybox", "latest"],
  ["busybox:1.36", "busybox", "1.36"],
  ["library/busybox:1.36", "busybox", "1.36"],
  ["docker.io/library/nginx:1.27", "nginx", "1.27"],
  ["bitnami/redis:7", "bitnami/redis", "7"],
  ["host:5000/a:b", "a", "b"],
  ["", "", "latest"],
])("%s is %s, tag %s", (image, repository, tag) => {
  expect(parseImage(image)).toEqual({ repository, tag });
});

function readingsOf(...images: readonly string[]) {
  const state = IMAGES_OF_PODS.start();
  const containers = images.map((image) => ({ image }));
  IMAGES_OF_PODS.add(state, { apiVersion: "v1", kind: "Pod", metadata: {}, spec: { containers } });
  return Object.fromEntries(imageReadings(state));
}

test("containers of every sort count, and a pod without any does not disturb", () => {
  const state = IMAGES_OF_PODS.start();
  const pod = { apiVersion: "v1", kind: "Pod", metadata: {} };
  const [initContainers, containers, ephemeralContainers] = [
    [{ image: "a:1" }],
    [{ image: "b:2" }, {}],
    [{ image: "c" }],
  ];
  IMAGES_OF_PODS.add(state, { ...pod, spec: { initContainers, containers, ephemeralContainers } });
  IMAGES_OF_PODS.add(state, pod);
  expect(Object.fromEntries(imageReadings(state))).toEqual({ a: "1", b: "2", c: "latest" });
});

test("several tags of one image stand side by side, in the order of versions", () => {
  expect(
    readingsOf("nvcr.io/nvidia/driver:570.10", "nvcr.io/nvidia/driver:570.9", "mirror.local/nvidia/driver:570.9"),
  ).toEqual({
    driver: "570.9,570.10",
  });
});

test("repositories that end in one name are told apart beside it", () => {
  expect(readingsOf("nvcr.io/nvidia/driver:580.82.07", "quay.io/other/driver:1", "driver")).toEqual({
    driver: "1,580.82.07,latest",
    "nvidia/driver": "580.82.07",
    "other/driver": "1",
  });
});

test("no tag is lost, whatever images there are", () => {
  const part = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
  const image = fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), part)
    .map(([path, tag]) => `${path.join("/")}:${tag}`);
  fc.assert(
    fc.property(fc.array(image, { maxLength: 12 }), (images) => {
      const readings = readingsOf(...images);
      for (const name of images) {
        const { repository, tag } = parseImage(name);
        const key = repository.slice(repository.lastIndexOf("/") + 1);
        expect(readings[key]?.split(",")).toContain(tag);
      }
    }),
  );
});
