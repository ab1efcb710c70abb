# SPDX-License-Identifier: GPL-2.0-or-later

class VM_guest_metrics
  doc What an agent inside the guest reports of it.
  since rio
  writer vm-admin

enum tristate_type
  doc Yes, no, or not known.
  value yes
  value no
  value unspecified

field uuid dynamic string
  doc Lasting, unique name of the VM guest metrics.

field os_version dynamic map(string,string)
  doc Name, version and kernel of the guest's operating system.

field netbios_name dynamic map(string,string) = {}
  doc The guest's host name and domain in the Windows network.
  prototyped 24.28.0

field PV_drivers_version dynamic map(string,string)
  doc Version of the paravirtual drivers, as major, minor, micro, build.

field PV_drivers_up_to_date dynamic bool
  doc Whether paravirtual drivers are in use; the same as PV_drivers_detected.
  since rio, deprecated dundee

field memory dynamic map(string,string) = {}
  doc Free and used memory of the guest; statistics replaced it.
  since rio, deprecated george, removed george

field disks dynamic map(string,string) = {}
  doc Free and used disk space of the guest; never filled.
  since rio, deprecated orlando, removed orlando

field networks dynamic map(string,string)
  doc Addresses of the guest, by interface: "0/ip", "0/ipv4/0", "0/ipv6/1".

field other dynamic map(string,string)
  doc Further keys the agent set, such as feature-shutdown.

field last_updated dynamic datetime
  doc When the agent last changed something.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the VM guest metrics.
  since orlando

field live dynamic bool = false
  doc Whether the report comes from a guest that runs.
  since orlando

field can_use_hotplug_vbd dynamic enum(tristate_type) = "unspecified"
  doc Whether drives can be plugged while the guest runs.
  since dundee

field can_use_hotplug_vif dynamic enum(tristate_type) = "unspecified"
  doc Whether network interfaces can be plugged while the guest runs.
  since dundee

field PV_drivers_detected dynamic bool = false
  doc Whether the guest talks to at least one paravirtual device.
  since dundee

field services dynamic map(string,string) = {}
  doc What services inside the guest report of themselves.
  prototyped 25.15.0
