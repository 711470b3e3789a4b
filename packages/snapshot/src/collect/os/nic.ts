import type { Subtype } from "../../model.ts";
import { linkName, numberIn, shortText, type Host } from "../host.ts";
import { known, type Maybe } from "./hardware.ts";

const NET = "/sys/class/net";
const RDMA = "/sys/class/infiniband";

/**
 * The subtype `nic`: network interfaces and RDMA devices that are hardware, by the name that the system gave them. What
 * has no device behind it (loopback, bridges, the ends of pods' networks) is left out, and so are addresses, which are
 * identities.
 */
export function nic(host: Host): Subtype {
  const interfaces = host.files.list(NET).filter(({ name }) => isHardware(host, name));
  const devices = host.files.list(RDMA);
  return {
    name: "nic",
    data: known([
      ...interfaces.flatMap(({ name }) => networkInterface(host, name)),
      ...devices.flatMap(({ name }) => rdmaDevice(host, name)),
    ]),
  };
}

function isHardware(host: Host, name: string): boolean {
  const path = host.files.link(`${NET}/${name}`);
  if (path !== undefined && /(^|\/)virtual\//.test(path)) return false;
  return host.files.link(`${NET}/${name}/device`) !== undefined;
}

function networkInterface(host: Host, name: string): Maybe {
  const path = `${NET}/${name}`;
  const device = `${path}/device`;
  const [rdma] = host.files.list(`${device}/infiniband`);
  const firmware = rdma === undefined ? undefined : shortText(host, `${RDMA}/${rdma.name}/fw_ver`);
  return named(name, [
    ...deviceFacts(host, device),
    ["firmware-version", firmware],
    ["rdma-device", rdma?.name],
    ["state", shortText(host, `${path}/operstate`)],
    ["speed-mbps", positive(numberIn(host, `${path}/speed`))],
    ["mtu", numberIn(host, `${path}/mtu`)],
    ["virtual-functions", numberIn(host, `${device}/sriov_numvfs`)],
    ["is-virtual-function", host.files.link(`${device}/physfn`) === undefined ? undefined : true],
  ]);
}

function rdmaDevice(host: Host, name: string): Maybe {
  const path = `${RDMA}/${name}`;
  const ports = host.files.list(`${path}/ports`).flatMap(({ name: port }): Maybe => {
    const at = `${path}/ports/${port}`;
    return [
      [`port.${port}.state`, afterNumber(shortText(host, `${at}/state`))],
      [`port.${port}.physical-state`, afterNumber(shortText(host, `${at}/phys_state`))],
      [`port.${port}.rate`, shortText(host, `${at}/rate`)],
      [`port.${port}.link-layer`, shortText(host, `${at}/link_layer`)],
    ];
  });
  return named(name, [
    ...deviceFacts(host, `${path}/device`),
    ["firmware-version", shortText(host, `${path}/fw_ver`)],
    ["board-id", shortText(host, `${path}/board_id`)],
    ["hca-type", shortText(host, `${path}/hca_type`)],
    ["node-type", afterNumber(shortText(host, `${path}/node_type`))],
    ...ports,
  ]);
}

function deviceFacts(host: Host, device: string): Maybe {
  const address = linkName(host, device);
  const vendor = shortText(host, `${device}/vendor`)?.replace(/^0x/, "");
  const model = shortText(host, `${device}/device`)?.replace(/^0x/, "");
  return [
    ["driver", linkName(host, `${device}/driver`)],
    ["pci-address", /^[0-9a-f]{4,8}:[0-9a-f]{2}:/.test(address ?? "") ? address : undefined],
    ["pci-id", vendor === undefined || model === undefined ? undefined : `${vendor}:${model}`],
    ["numa-node", positive(numberIn(host, `${device}/numa_node`), 0)],
  ];
}

function named(name: string, readings: Maybe): Maybe {
  return readings.map(([key, value]) => [`${name}.${key}`, value]);
}

/** A link that is down has the speed -1, and a device that belongs to no node the node -1. */
function positive(value: number | undefined, least = 1): number | undefined {
  return value === undefined || value < least ? undefined : value;
}

/** `4: ACTIVE` is `ACTIVE`. */
function afterNumber(text: string | undefined): string | undefined {
  return text?.replace(/^\d+:\s*/, "");
}
