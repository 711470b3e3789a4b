import { textAt } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";

/** Whether volumes of a class can be written by several nodes (ReadWriteMany), as far as the provisioner tells. */
export type Sharing = "shared" | "single node" | "unknown";

/** Provisioners of file systems on a network, as their own documentation says. */
const SHARED: readonly RegExp[] = [
  /nfs/,
  /cephfs/,
  /lustre/,
  /gluster/,
  /juicefs/,
  /beegfs/,
  /weka/,
  /^(efs|fsx(\.openzfs)?)\.csi\.aws\.com$/,
  /^(filestore|parallelstore|gcsfuse)\.csi\.storage\.gke\.io$/,
  /^(file|blob)\.csi\.azure\.com$/,
  /^kubernetes\.io\/azure-file$/,
  /^smb\.csi\.k8s\.io$/,
  /^driver\.longhorn\.io$/,
  /^spectrumscale\.csi\.ibm\.com$/,
  /^csi\.vastdata\.com$/,
  /^(pxd\.portworx\.com|kubernetes\.io\/portworx-volume)$/,
];

/** Provisioners of disks that one node can have at a time. */
const SINGLE: readonly RegExp[] = [
  /^(ebs\.csi\.aws\.com|kubernetes\.io\/aws-ebs)$/,
  /^(pd\.csi\.storage\.gke\.io|kubernetes\.io\/gce-pd)$/,
  /^(disk\.csi\.azure\.com|kubernetes\.io\/azure-disk)$/,
  /^(cinder\.csi\.openstack\.org|kubernetes\.io\/cinder)$/,
  /(^|\.)rbd\.csi\.ceph\.com$/,
  /local-path$/,
  /^(openebs\.io\/local|local\.csi\.openebs\.io|zfs\.csi\.openebs\.io)$/,
  /^topolvm\./,
  /^lvm/,
  /^(dobs\.csi\.digitalocean\.com|linodebs\.csi\.linode\.com|csi\.hetzner\.cloud|blockvolume\.csi\.oraclecloud\.com)$/,
  /^vpc\.block\.csi\.ibm\.io$/,
];

/** How volumes of a provisioner can be shared. */
export function sharingOf(provisioner: string): Sharing {
  if (SINGLE.some((name) => name.test(provisioner))) return "single node";
  return SHARED.some((name) => name.test(provisioner)) ? "shared" : "unknown";
}

/** Whether a class is the cluster's default. */
export function isDefaultClass(storageClass: KubeObject): boolean {
  return ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"].some(
    (key) => textAt(storageClass, "metadata", "annotations", key) === "true",
  );
}

/** The provisioner that a class names. */
export function provisionerOf(storageClass: KubeObject): string {
  return textAt(storageClass, "provisioner");
}
