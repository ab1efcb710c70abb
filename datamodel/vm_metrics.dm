# SPDX-License-Identifier: GPL-2.0-or-later

class VM_metrics
  doc What the host measures of a VM.
  since rio
  writer vm-admin

field uuid dynamic string
  doc Lasting, unique name of the VM metrics.

field memory__actual dynamic int
  doc Bytes of memory the VM has now.
  flags volatile

field VCPUs__number dynamic int
  doc Virtual CPUs the VM has now.

field VCPUs__utilisation dynamic map(int,float) = {}
  doc Share of time each virtual CPU ran; statistics replaced it.
  since rio, deprecated tampa, removed tampa
  flags volatile

field VCPUs__CPU dynamic map(int,int)
  doc Physical CPU each virtual CPU ran on last.
  flags volatile

field VCPUs__params dynamic map(string,string)
  doc Scheduler settings in effect.
  flags volatile

field VCPUs__flags dynamic map(int,set(string))
  doc State of each virtual CPU: blocked, running, online.
  flags volatile

field state dynamic set(string)
  doc State of the domain, as words.
  flags volatile

field start_time dynamic datetime
  doc When the VM was last started.

field install_time dynamic datetime
  doc When the VM was made from its template.

field last_updated dynamic datetime
  doc When these figures were last renewed.
  flags volatile

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the VM metrics.
  since orlando
  flags volatile

field hvm dynamic bool = false
  doc Whether the domain is fully virtualized.
  since ely
  flags volatile

field nested_virt dynamic bool = false
  doc Whether the guest can run a hypervisor itself.
  since ely
  flags volatile

field nomigrate dynamic bool = false
  doc Whether the VM was started in a way that forbids migration and suspend.
  since ely
  flags volatile

field current_domain_type dynamic enum(domain_type) = "unspecified"
  doc How the guest is virtualized now.
  prototyped jura, since kolkata

field numa_optimised static bool = false
  doc Whether all memory lies close to the CPUs the VM runs on.
  prototyped 26.2.0

field numa_nodes static int = 0
  doc NUMA nodes the VM's memory is spread over.
  prototyped 26.2.0

field numa_node_memory dynamic map(int,int) = {}
  doc Bytes of the VM's memory on each NUMA node.
  prototyped 26.2.0
