import { kubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { isDefaultClass, sharingOf } from "./provisioners.ts";

test.each([
  ["nfs.csi.k8s.io", "shared"],
  ["cluster.local/nfs-subdir-external-provisioner", "shared"],
  ["rook-ceph.cephfs.csi.ceph.com", "shared"],
  ["efs.csi.aws.com", "shared"],
  ["driver.longhorn.io", "shared"],
  ["ebs.csi.aws.com", "single node"],
  ["rook-ceph.rbd.csi.ceph.com", "single node"],
  ["rancher.io/local-path", "single node"],
  ["csi.example.com", "unknown"],
  ["", "unknown"],
])("%s: %s", (provisioner, expected) => {
  expect(sharingOf(provisioner)).toBe(expected);
});

test.each([
  [{ "storageclass.kubernetes.io/is-default-class": "true" }, true],
  [{ "storageclass.beta.kubernetes.io/is-default-class": "true" }, true],
  [{ "storageclass.kubernetes.io/is-default-class": "false" }, false],
  [{}, false],
])("the annotations %j", (annotations, expected) => {
  const metadata = { name: "a", annotations };
  expect(isDefaultClass(kubeObject({ apiVersion: "v1", kind: "StorageClass", metadata }, "a class"))).toBe(expected);
});
