# SPDX-License-Identifier: GPL-2.0-or-later

class VM_metrics
  since rio
  writer vm-admin

field uuid dynamic string

field memory__actual dynamic int
  flags volatile

field VCPUs__number dynamic int

field VCPUs__utilisation dynamic map(int,float) = {}
  since rio, deprecated tampa, removed tampa
  flags volatile

field VCPUs__CPU dynamic map(int,int)
  flags volatile

field VCPUs__params dynamic map(string,string)
  flags volatile

field VCPUs__flags dynamic map(int,set(string))
  flags volatile

field state dynamic set(string)
  flags volatile

field start_time dynamic datetime

field install_time dynamic datetime

field last_updated dynamic datetime
  flags volatile

field other_config rw map(string,string) = {}
  since orlando
  flags volatile

field hvm dynamic bool = false
  since ely
  flags volatile

field nested_virt dynamic bool = false
  since ely
  flags volatile

field nomigrate dynamic bool = false
  since ely
  flags volatile

field current_domain_type dynamic enum(domain_type) = "unspecified"
  prototyped jura, since kolkata

field numa_optimised static bool = false
  prototyped 26.2.0

field numa_nodes static int = 0
  prototyped 26.2.0

field numa_node_memory dynamic map(int,int) = {}
  prototyped 26.2.0
