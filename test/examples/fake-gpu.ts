/** What the nvidia-smi of these tests tells. */
export interface GpuFacts {
  readonly driver: string;
  readonly gpus: number;
}

/**
 * A program that answers as nvidia-smi does on a node with H100s, as far as the examples look: fields and their order are
 * those of `nvidia-smi -q -x` of driver 570.
 */
export function fakeNvidiaSmi({ driver, gpus }: GpuFacts): string {
  const gpu = (index: number): string => `
	<gpu id="00000000:${(0x1b + index).toString(16)}:00.0">
		<product_name>NVIDIA H100 80GB HBM3</product_name>
		<product_architecture>Hopper</product_architecture>
		<persistence_mode>Enabled</persistence_mode>
		<uuid>GPU-00000000-0000-0000-0000-00000000000${index}</uuid>
		<minor_number>${index}</minor_number>
		<vbios_version>96.00.89.00.01</vbios_version>
		<gsp_firmware_version>${driver}</gsp_firmware_version>
	</gpu>`;
  return `#!/bin/sh
case "$*" in
*-x*) ;;
*) exit 0 ;;
esac
cat <<'END'
<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<timestamp>Sun Mar  1 02:00:00 2026</timestamp>
	<driver_version>${driver}</driver_version>
	<cuda_version>12.8</cuda_version>
	<attached_gpus>${gpus}</attached_gpus>${Array.from({ length: gpus }, (_, index) => gpu(index)).join("")}
</nvidia_smi_log>
END
`;
}
