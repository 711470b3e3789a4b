import fc from "fast-check";
import { redactText } from "@slipway/base/redact";
import { expect, test } from "vitest";
import type { Reading } from "../model.ts";
import { redactMeasurements } from "./redact.ts";

/** Readings as real systems give them; none holds a secret. */
const ORDINARY: readonly (readonly [where: string, key: string, reading: Reading])[] = [
  ["OS.grub", "BOOT_IMAGE", "/boot/vmlinuz-6.8.0-1021-aws"],
  [
    "OS.grub",
    "cmdline",
    "BOOT_IMAGE=/vmlinuz-6.8.0 root=UUID=5c0a2f6e-8d11-4f6a-9d55-cc1c7a0e1f20 ro console=tty1 iommu=pt",
  ],
  ["OS.grub", "hugepagesz", "1G hugepages=4 transparent_hugepage=madvise pci=realloc=off modprobe.blacklist=nouveau"],
  ["OS.grub", "rd.luks.uuid", "luks-5c0a2f6e-8d11-4f6a-9d55-cc1c7a0e1f20"],
  ["OS.sysctl", "/proc/sys/kernel/keys/maxkeys", "200"],
  ["OS.sysctl", "/proc/sys/kernel/keys/root_maxbytes", "25000000"],
  ["OS.sysctl", "/proc/sys/kernel/random/uuid", "0b6b6a9e-9a36-4e36-8d8a-5c0a2f6e8d11"],
  ["OS.sysctl", "/proc/sys/kernel/version", "#21-Ubuntu SMP PREEMPT_DYNAMIC Fri Feb  7 12:00:00 UTC 2026"],
  ["OS.sysctl", "/proc/sys/kernel/core_pattern", "|/usr/share/apport/apport -p%p -s%s -c%c -d%d -P%P -u%u -g%g -- %E"],
  ["OS.sysctl", "/proc/sys/kernel/pass", "1"],
  ["OS.kmod", "trusted_key", true],
  ["OS.kmod", "encrypted_keys", true],
  ["OS.release", "BUG_REPORT_URL", "https://bugs.launchpad.net/ubuntu/"],
  ["OS.release", "CPE_NAME", "cpe:2.3:o:amazon:amazon_linux:2023"],
  ["OS.release", "SUPPORT_URL", "mailto:support@example.com"],
  ["K8s.image", "external-secrets", "v0.10.4"],
  ["K8s.image", "hashicorp/vault-token", "1.2.3"],
  ["K8s.image", "nvidia/cuda", "12.8.0-base-ubuntu24.04"],
  ["K8s.image", "kube-proxy", "v1.33.5-eks-3025e55"],
  [
    "K8s.image",
    "full",
    "nvcr.io/nvidia/driver:570.158.01@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ],
  [
    "K8s.image",
    "ported",
    "registry.example.com:5000/team/app:1.2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1",
  ],
  ["K8s.node", "provider-id", "aws:///us-east-1a/i-0abc123def4567890"],
  ["K8s.node", "container-runtime-id", "containerd://1.7.27"],
  ["K8s.node", "annotation.kubeadm.alpha.kubernetes.io/cri-socket", "unix:///run/containerd/containerd.sock"],
  ["K8s.node", "annotation.projectcalico.org/WireguardPublicKey", "q1w2e3r4t5y6u7i8o9p0q1w2e3r4t5y6u7i8o9p0q1w="],
  ["K8s.node", "annotation.kubernetes.io/config.hash", "9f86d081884c7d659a2feaa0c55ad015"],
  ["K8s.policy", "driver.licensingConfig.secretName", "grid-license"],
  ["K8s.policy", "driver.imagePullSecrets", '["ngc-registry"]'],
  ["K8s.policy", "imagePullSecret", "ngc-registry"],
  [
    "K8s.policy",
    "driver.env",
    '[{"name":"NGC_API_KEY","valueFrom":{"secretKeyRef":{"name":"ngc","key":"NGC_API_KEY"}}}]',
  ],
  ["K8s.policy", "limits.tokenBucket", "100"],
  ["K8s.policy", "automountServiceAccountToken", "true"],
  ["K8s.policy", "hostToken", false],
  ["K8s.policy", "toolkit.args", '["--max-num-batched-tokens=8192","--max-keys","5","--token-file","/var/run/t"]'],
  ["K8s.helm", "vllm.values", "args:\n  maxTokens: 4096\n  max_tokens: 32\nauthorization:\n  mode: Webhook\n"],
  [
    "SystemD.kubelet.service",
    "ExecStart",
    "{ path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet --config=/etc/kubernetes/kubelet.json --kubeconfig=/var/lib/kubelet/kubeconfig --image-credential-provider-config=/etc/eks/config.json --authentication-token-webhook=true --tls-private-key-file=/pki/k.pem --anonymous-auth=false ; start_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }",
  ],
  [
    "SystemD.kubelet.service",
    "Environment",
    "NODE_IP=10.0.1.7 PWD=/root OLDPWD=/ NO_PROXY=10.0.0.0/8,.svc AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/t",
  ],
  ["SystemD.kubelet.service", "KeyringMode", "private"],
  ["SystemD.kubelet.service", "LoadCredential", "[not set]"],
  ["SystemD.kubelet.service", "InvocationID", "4f1c7a0e1f205c0a2f6e8d114f6a9d55"],
  ["SystemD.kubelet.service", "Documentation", "https://kubernetes.io/docs/ man:kubelet(8)"],
  ["SystemD.kubelet.service", "After", "user-runtime-dir@1000.service network-online.target system.slice"],
  ["GPU.smi", "gpu.uuid", "GPU-5c0a2f6e-8d11-4f6a-9d55-cc1c7a0e1f20"],
  ["GPU.smi", "gpu.serial", "1652823054567"],
  ["GPU.smi", "gpu.board-part-number", "692-2G520-0200-000"],
  ["GPU.smi", "gpu.vbios-version", "96.00.89.00.01"],
  ["GPU.smi", "gpu.pci", "00000000:1B:00.0"],
  ["GPU.smi", "gpu.mig", '[{"profile":"1g.10gb","count":7}]'],
  ["NodeTopology.label", "kubernetes.io/hostname.ip-10-0-1-7", "ip-10-0-1-7.ec2.internal|ip-10-0-1-7.ec2.internal"],
  ["NodeTopology.label", "nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3|n1,n2 (+3 more)"],
  ["NodeTopology.taint", "nvidia.com/gpu", "NoSchedule|present|n1"],
  ["NodeTopology.summary", "node-count", 1000],
];

test.each(ORDINARY)("%s.%s is left as it is", (where, key, reading) => {
  const [type = "", ...subtype] = where.split(".");
  const measurements = [{ type, subtypes: [{ name: subtype.join("."), data: new Map([[key, reading]]) }] }];
  expect(redactMeasurements(measurements)).toEqual({ measurements, redacted: [], notes: [] });
});

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef")), minLength: length, maxLength: length });
const word = fc.string({
  unit: fc.constantFrom(...Array.from("abcdefghijklmnoprstuvwz0123456789")),
  minLength: 1,
  maxLength: 12,
});

/** What digests, identities, versions and command lines look like. */
const ordinary: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(word, word, hex(64)).map(([path, tag, digest]) => `nvcr.io/${path}:${tag}@sha256:${digest}`),
  fc.uuid().map((id) => `GPU-${id}`),
  fc.tuple(fc.nat(999), fc.nat(99), fc.nat(99)).map((parts) => `v${parts.join(".")}-eks-3025e55`),
  fc.array(fc.tuple(word, word).map(([name, value]) => `${name}_x=/${value}`)).map((parts) => parts.join(" ")),
  fc.ipV4().map((address) => `https://${address}:6443/healthz?timeout=5s`),
  fc.array(word, { maxLength: 6 }).map((words) => `--${words.join("-")}-dir=/var ${words.join(".")}.service`),
);

test("no digest, identity, version, address or command line is taken for a secret", () => {
  fc.assert(
    fc.property(ordinary, (text) => {
      expect(redactText(text)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
