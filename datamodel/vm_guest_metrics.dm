# SPDX-License-Identifier: GPL-2.0-or-later

class VM_guest_metrics
  since rio
  writer vm-admin

enum tristate_type
  value yes
  value no
  value unspecified

field uuid dynamic string

field os_version dynamic map(string,string)

field netbios_name dynamic map(string,string) = {}
  prototyped 24.28.0

field PV_drivers_version dynamic map(string,string)

field PV_drivers_up_to_date dynamic bool
  since rio, deprecated dundee

field memory dynamic map(string,string) = {}
  since rio, deprecated george, removed george

field disks dynamic map(string,string) = {}
  since rio, deprecated orlando, removed orlando

field networks dynamic map(string,string)

field other dynamic map(string,string)

field last_updated dynamic datetime

field other_config rw map(string,string) = {}
  since orlando

field live dynamic bool = false
  since orlando

field can_use_hotplug_vbd dynamic enum(tristate_type) = "unspecified"
  since dundee

field can_use_hotplug_vif dynamic enum(tristate_type) = "unspecified"
  since dundee

field PV_drivers_detected dynamic bool = false
  since dundee

field services dynamic map(string,string) = {}
  prototyped 25.15.0
