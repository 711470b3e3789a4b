import type { PartName } from "./part.ts";

/** Where a control plane listens, on 127.0.0.1. */
export interface Ports {
  readonly apiServer: number;
  /** The kubelet of all nodes that kwok plays: logs, exec and port-forward. */
  readonly kubelet: number;
  /** kwok's own server, behind that kubelet. */
  readonly kwok: number;
}

/** Name of the socket on which etcd listens, in the directory. */
export const ETCD_SOCKET = "etcd:0";
/** Audience and issuer of service account tokens. */
const ISSUER = "https://kubernetes.default.svc.cluster.local";
const POD_NETWORK = "10.244.0.0/16";
const SERVICE_NETWORK = "10.96.0.0/16";

/** The flags of all parts. File names are relative to the directory in which the parts run. */
export function partFlags(ports: Ports): Readonly<Record<PartName, readonly string[]>> {
  return {
    etcd: ETCD,
    "kube-apiserver": apiServerFlags(ports),
    "kube-controller-manager": CONTROLLER_MANAGER,
    "kube-scheduler": ["--config=scheduler.yaml", "--secure-port=0"],
    kwok: kwokFlags(ports),
  };
}

const ETCD = [
  "--name=default",
  "--data-dir=data",
  // What a crash of the machine would lose is thrown away at the end anyway.
  "--unsafe-no-fsync",
  // Sockets in the directory: nobody else can reach them. etcd wants a port, which becomes part of the file's name.
  `--listen-client-urls=unix://${ETCD_SOCKET}`,
  `--advertise-client-urls=unix://${ETCD_SOCKET}`,
  "--listen-peer-urls=unix://peer:0",
  "--initial-advertise-peer-urls=unix://peer:0",
  "--initial-cluster=default=unix://peer:0",
  "--log-level=warn",
];

function apiServerFlags({ apiServer }: Ports): readonly string[] {
  return [
    `--etcd-servers=unix://${ETCD_SOCKET}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${apiServer}`,
    // The address of the service `kubernetes` would be loopback, which no endpoint may be.
    "--endpoint-reconciler-type=none",
    "--tls-cert-file=serving.crt",
    "--tls-private-key-file=serving.key",
    "--client-ca-file=ca.crt",
    "--authentication-config=authentication.yaml",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    `--service-account-issuer=${ISSUER}`,
    "--service-account-key-file=service-accounts.pub",
    "--service-account-signing-key-file=service-accounts.key",
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    "--kubelet-certificate-authority=ca.crt",
    "--kubelet-client-certificate=admin.crt",
    "--kubelet-client-key=admin.key",
    "--kubelet-preferred-address-types=InternalIP",
    "--profiling=false",
  ];
}

const CONTROLLER_MANAGER = [
  "--kubeconfig=kube-controller-manager.kubeconfig",
  "--secure-port=0",
  "--leader-elect=false",
  "--use-service-account-credentials=true",
  "--service-account-private-key-file=service-accounts.key",
  "--root-ca-file=ca.crt",
  "--cluster-signing-cert-file=ca.crt",
  "--cluster-signing-key-file=ca.key",
  `--cluster-cidr=${POD_NETWORK}`,
  `--service-cluster-ip-range=${SERVICE_NETWORK}`,
  // On a machine with much else to do, nodes say too late that they are well, and kwok never makes their pods ready again.
  "--node-monitor-grace-period=1h",
  "--kube-api-qps=500",
  "--kube-api-burst=1000",
  // It makes this directory where it is missing, by default one of the machine.
  "--flex-volume-plugin-dir=flexvolume",
  "--profiling=false",
];

function kwokFlags({ kubelet, kwok }: Ports): readonly string[] {
  const server = `127.0.0.1:${kwok}`;
  return [
    "kubelet",
    `127.0.0.1:${kubelet}`,
    server,
    "--kubeconfig=admin.kubeconfig",
    "--config=kwok.yaml",
    "--manage-all-nodes=false",
    "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
    `--cidr=${POD_NETWORK}`,
    "--node-ip=127.0.0.1",
    `--node-port=${kubelet}`,
    `--server-address=${server}`,
  ];
}
