import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, namesOf, readServer, type ServerField } from "./server-fields.ts";

/**
 * Interfaces through which nothing comes that another one does not count as well: the loopback, the inner ends of
 * containers and virtual machines, bridges, tunnels, VLANs, and what bundles others.
 */
const VIRTUAL_INTERFACE =
  /^(lo|veth.*|docker\d*|docker_gwbridge|podman\d*|br-.*|br\d+|virbr.*|vnet\d+|cni.*|flannel.*|cali.*|cilium.*|lxc.*|kube-.*|nodelocaldns|vxlan.*|genev.*|gre.*|sit\d+|ip6tnl.*|tunl.*|tun\d+|tap.*|wg\d+|tailscale\d+|dummy\d+|ifb\d+|bond\d+|team\d+|.*\.\d+)$/;

/** Devices that are a part of another one, or that others carry: partitions, volumes and arrays over disks, memory. */
const NO_WHOLE_DISK =
  /^(dm-\d+|md.*|drbd\d+|zd\d+|(z?ram|loop|fd|sr)\d+|(h|s|v|xv)d[a-z]+\d+|(nvme\d+n\d+|mmcblk\d+|nbd\d+|rbd\d+)p\d+|mmcblk\d+boot\d+)$/;

const interfaces = (name: string) => ({ names: [name], unless: { device: VIRTUAL_INTERFACE } });
const disks = (name: string) => ({ names: [name], unless: { device: NO_WHOLE_DISK } });
const CPU = "node_cpu_seconds_total";

/**
 * Prometheus's exporter of a host. All of its processors count together; waiting for a disk is idle time, and time that a
 * hypervisor took is not. Of its own process nothing is read.
 *
 * Source: its collectors cpu, meminfo, netdev and diskstats, of version 1.
 */
const FIELDS: readonly ServerField[] = [
  {
    metrics: ["host.cpu.utilization"],
    part: { names: [CPU], unless: { mode: /^(idle|iowait)$/ } },
    whole: { names: [CPU] },
    addedUp: ["cpu", "mode"],
  },
  {
    metrics: ["host.memory.used"],
    gauge: "node_memory_MemTotal_bytes",
    less: "node_memory_MemAvailable_bytes",
    over: "sum",
    valid: [0, 1e14],
  },
  { metrics: ["network.rx"], total: interfaces("node_network_receive_bytes_total") },
  { metrics: ["network.tx"], total: interfaces("node_network_transmit_bytes_total") },
  { metrics: ["disk.read"], total: disks("node_disk_read_bytes_total") },
  { metrics: ["disk.written"], total: disks("node_disk_written_bytes_total") },
];

const NAMES = namesOf(FIELDS);
export const NODE_EXPORTER_METRICS = filledBy(FIELDS);

export const isNodeExporterField = (name: string): boolean => NAMES.has(name);
export const readNodeExporter = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);
