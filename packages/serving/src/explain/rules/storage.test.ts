import { expect, test } from "vitest";
import { cache, object, service, told, warning } from "../testing/situation.ts";

const CLASSES = [
  object("StorageClass", "standard", { provisioner: "ebs.csi.aws.com", volumeBindingMode: "WaitForFirstConsumer" }),
  object("StorageClass", "nfs", { provisioner: "nfs.csi.k8s.io" }),
];

function claimed(spec: { readonly storageClassName?: string }, mode = "ReadWriteOnce", phase = "Pending") {
  const value = object("PersistentVolumeClaim", "llama-cache-pvc", {
    spec: { ...spec, accessModes: [mode] },
    status: { phase },
  });
  return {
    claim: { name: "llama-cache-pvc", isMade: true, object: { state: "found" as const, value } },
    storageClasses: { state: "found" as const, value: CLASSES },
  };
}

test("a storage class that does not exist", () => {
  expect(told(cache(claimed({ storageClassName: "nsf" })))).toMatchInlineSnapshot(`
    "[storage-class-missing] nimcache nim/llama-cache: has a problem

    Cause:     The claim "llama-cache-pvc" asks for the storage class "nsf", which does not exist.
    Next:      Did you mean "nfs"? A claim cannot change its class: delete it and create the object anew with --pvc-storage-class.
               kubectl get storageclasses

    Evidence:
      claim llama-cache-pvc: Pending, storage class nsf, access mode ReadWriteOnce
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
    "
  `);
});

test("no storage class, and no default one", () => {
  expect(told(cache(claimed({})))).toMatchInlineSnapshot(`
    "[storage-class-no-default] nimcache nim/llama-cache: has a problem

    Cause:     The claim "llama-cache-pvc" names no storage class, and the cluster has no default one.
    Next:      Name a class, or make one the default. A claim cannot change its class: delete it and create the object anew with --pvc-storage-class.
               kubectl get storageclasses

    Evidence:
      claim llama-cache-pvc: Pending, storage class the default, access mode ReadWriteOnce
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
    "
  `);
});

test("a disk that several nodes are to write to", () => {
  expect(told(cache(claimed({ storageClassName: "standard" }, "ReadWriteMany")))).toMatchInlineSnapshot(`
    "[access-mode] nimcache nim/llama-cache: has a problem

    Cause:     The claim "llama-cache-pvc" asks for ReadWriteMany, and ebs.csi.aws.com has volumes for one node only.
    Next:      Take a class of a network file system, or ReadWriteOnce when one node is enough; then delete the cache and create it again, because its spec cannot be changed and its Job is not repeated.
               kubectl nim delete nimcache llama-cache -n nim

    Evidence:
      claim llama-cache-pvc: Pending, storage class standard (ebs.csi.aws.com), access mode ReadWriteMany
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
    "
  `);
});

test("a volume that cannot be made", () => {
  const events = [
    warning(
      "PersistentVolumeClaim",
      "llama-cache-pvc",
      "ProvisioningFailed",
      "failed to provision volume: rpc error: code = ResourceExhausted desc = no space",
      3,
    ),
  ];
  expect(told(cache({ ...claimed({ storageClassName: "nfs" }), events }))).toMatchInlineSnapshot(`
    "[provisioning-failed] nimcache nim/llama-cache: has a problem

    Cause:     No volume can be made for the claim "llama-cache-pvc".
    Next:      Do what the message of the storage system says, or take another storage class.
               kubectl get storageclasses

    Evidence:
      claim llama-cache-pvc: Pending, storage class nfs (nfs.csi.k8s.io), access mode ReadWriteOnce
      event ProvisioningFailed: failed to provision volume: rpc error: code = ResourceExhausted desc = no space
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
    "
  `);
});

test("a claim that is not there, lost, slow, or that waits for its pod", () => {
  const missing = { claim: { name: "models", isMade: false, object: { state: "missing" as const } } };
  const young = { now: new Date("2026-01-02T02:45:05Z") };
  const situations = [
    service(missing),
    cache(claimed({ storageClassName: "nfs" }, "ReadWriteMany", "Lost")),
    cache(claimed({ storageClassName: "nfs" }, "ReadWriteMany")),
    cache({ ...claimed({ storageClassName: "standard" }), ...young }),
  ];
  expect(situations.map((facts) => told(facts).split("\n").slice(0, 5).join("\n")).join("\n")).toMatchInlineSnapshot(`
    "[claim-missing] nimservice nim/llama: has a problem

    Cause:     The volume claim "models" does not exist in namespace "nim", and the spec does not let the operator make it.
    Next:      Make it, name another one, or create the object anew with --pvc-create.
               kubectl get pvc -n nim
    [claim-lost] nimcache nim/llama-cache: has a problem

    Cause:     The volume of the claim "llama-cache-pvc" is gone (Lost).
    Next:      Delete the claim and make it anew; what was on it is gone.
               kubectl delete pvc llama-cache-pvc -n nim
    [claim-pending] nimcache nim/llama-cache: has a problem

    Cause:     The claim "llama-cache-pvc" has no volume yet: nfs.csi.k8s.io has not made one.
    Next:      See whether the storage driver runs.
               kubectl describe pvc llama-cache-pvc -n nim
    [claim-waits-for-pod] nimcache nim/llama-cache: under way

    State:     The claim "llama-cache-pvc" gets its volume as soon as a pod uses it.
    Next:      Wait for the pod.
               kubectl get pods --watch -n nim"
  `);
});
