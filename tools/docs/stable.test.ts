import { expect, test } from "vitest";
import { stable } from "./stable.ts";

const started = Date.UTC(2031, 4, 6, 7, 8, 9);
const around = { folder: "/tmp/page-1", server: "http://127.0.0.1:4711", kubeconfig: "/tmp/c/kubeconfig", started };

test.each([
  ["file /tmp/page-1/recipe.yaml", "file ~/gpu/recipe.yaml"],
  ["/tmp/c/kubeconfig: http://127.0.0.1:4711/api", "~/.kube/config: https://gpu.example.com:6443/api"],
  ["taken 2031-05-06T07:08:10Z", "taken 2026-01-15T09:30:00Z"],
  ["taken 2031-05-06T07:08:10.123Z", "taken 2026-01-15T09:30:00Z"],
  ['timestamp="2031-05-06T07:08:10"', 'timestamp="2026-01-15T09:30:00"'],
  ["since 2031-05-06 07:08:10 +0000 UTC", "since 2026-01-15 09:30:00 +0000 UTC"],
  ["since 2024-05-06 07:08:10 +0000 UTC", "since 2024-05-06 07:08:10 +0000 UTC"],
  ["after 0.02 s, 991.5 tokens/s, 13 tokens in 0.1 s", "after 0.108 s, 87.4 tokens/s, 13 tokens in 0.257 s"],
  ["built 2024-05-06T07:08:10Z", "built 2024-05-06T07:08:10Z"],
  [`"start": ${started + 5}`, '"start": 1768469400000'],
  ["serial 1234567890123", "serial 1234567890123"],
  ['"duration": 17', '"duration": 0'],
  ['time="0.017"', 'time="0.000"'],
  ["aicr-0a1b2c3d aicr-snapshot-0a1b2c3d-gpu-1", "aicr-5c1e7a90 aicr-snapshot-5c1e7a90-gpu-1"],
  ["the objects of the run 0a1b2c3d stay", "the objects of the run 5c1e7a90 stay"],
  ["aicr-validator-20310506-070809-0123456789abcdef", "aicr-validator-20260115-093000-5c1e7a905c1e7a90"],
])("%s", (printed, expected) => {
  expect(stable(printed, around)).toBe(expected);
});

test("without a cluster its places are nobody's", () => {
  const alone = { ...around, server: undefined, kubeconfig: undefined };
  expect(stable("http://127.0.0.1:4711 /tmp/c/kubeconfig", alone)).toBe("http://127.0.0.1:4711 /tmp/c/kubeconfig");
});
