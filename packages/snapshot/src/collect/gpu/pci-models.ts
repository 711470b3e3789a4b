/**
 * Names of NVIDIA's data-centre GPUs by their PCI device ids: facts of the public PCI ID database (pci-ids.ucw.cz) and
 * of the device list in NVIDIA's driver documentation, in the words that nvidia-smi uses where those are known.
 */
const MODELS: Readonly<Record<string, string>> = {
  // Pascal
  "15f7": "Tesla P100-PCIE-12GB",
  "15f8": "Tesla P100-PCIE-16GB",
  "15f9": "Tesla P100-SXM2-16GB",
  "1b38": "Tesla P40",
  "1bb3": "Tesla P4",
  // Volta
  "1db1": "Tesla V100-SXM2-16GB",
  "1db4": "Tesla V100-PCIE-16GB",
  "1db5": "Tesla V100-SXM2-32GB",
  "1db6": "Tesla V100-PCIE-32GB",
  "1db8": "Tesla V100-SXM3-32GB",
  "1df6": "Tesla V100S-PCIE-32GB",
  // Turing
  "1e30": "Quadro RTX 6000",
  "1eb8": "Tesla T4",
  // Ampere
  "20b0": "NVIDIA A100-SXM4-40GB",
  "20b2": "NVIDIA A100-SXM4-80GB",
  "20b3": "NVIDIA A100-SXM-64GB",
  "20b5": "NVIDIA A100 80GB PCIe",
  "20b7": "NVIDIA A30",
  "20b8": "NVIDIA A100X",
  "20bd": "NVIDIA A800-SXM4-40GB",
  "20f1": "NVIDIA A100-PCIE-40GB",
  "20f3": "NVIDIA A800-SXM4-80GB",
  "20f5": "NVIDIA A800 80GB PCIe",
  "20f6": "NVIDIA A800 40GB PCIe",
  "2230": "NVIDIA RTX A6000",
  "2231": "NVIDIA RTX A5000",
  "2235": "NVIDIA A40",
  "2236": "NVIDIA A10",
  "2237": "NVIDIA A10G",
  "25b6": "NVIDIA A2 or A16",
  // Ada Lovelace
  "26b1": "NVIDIA RTX 6000 Ada Generation",
  "26b5": "NVIDIA L40",
  "26b8": "NVIDIA L40G",
  "26b9": "NVIDIA L40S",
  "26ba": "NVIDIA L20",
  "27b6": "NVIDIA L2",
  "27b8": "NVIDIA L4",
  // Hopper
  "2313": "NVIDIA H100 CNX",
  "2321": "NVIDIA H100 NVL",
  "2322": "NVIDIA H800 PCIe",
  "2324": "NVIDIA H800",
  "2328": "NVIDIA H20",
  "2329": "NVIDIA H20",
  "232c": "NVIDIA H20",
  "2330": "NVIDIA H100 80GB HBM3",
  "2331": "NVIDIA H100 PCIe",
  "2335": "NVIDIA H200",
  "2336": "NVIDIA H100",
  "2339": "NVIDIA H100",
  "233a": "NVIDIA H800 NVL",
  "233b": "NVIDIA H200 NVL",
  "233d": "NVIDIA H100",
  "2342": "NVIDIA GH200",
  "2345": "NVIDIA GH200",
  "2348": "NVIDIA GH200 144G HBM3e",
  // Blackwell
  "2901": "NVIDIA B200",
  "2941": "NVIDIA GB200",
  "29bc": "NVIDIA B100",
  "2bb1": "NVIDIA RTX PRO 6000 Blackwell Workstation Edition",
  "2bb4": "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition",
  "2bb5": "NVIDIA RTX PRO 6000 Blackwell Server Edition",
  "3182": "NVIDIA B300",
  "31c2": "NVIDIA GB300",
  "31c3": "NVIDIA GB300",
};

/**
 * The model of a GPU.
 *
 * @param deviceId four hexadecimal digits, in lower case
 * @returns nothing for one that is not in the list
 */
export function gpuModel(deviceId: string): string | undefined {
  return Object.hasOwn(MODELS, deviceId) ? MODELS[deviceId] : undefined;
}
