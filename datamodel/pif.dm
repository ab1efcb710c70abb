# SPDX-License-Identifier: GPL-2.0-or-later

class PIF
  since rio
  writer pool-operator

enum ip_configuration_mode
  value None
  value DHCP
  value Static

enum ipv6_configuration_mode
  value None
  value DHCP
  value Static
  value Autoconf

enum pif_igmp_status
  value enabled
  value disabled
  value unknown

enum primary_address_type
  value IPv4
  value IPv6

field uuid dynamic string

field device static string

field network static ref(network)
  to network.PIFs

field host static ref(host)
  to host.PIFs

field MAC static string

field MTU static int

field VLAN static int

field device_name rw string
  flags internal

field metrics dynamic ref(PIF_metrics)

field physical dynamic bool = false
  since miami

field currently_attached dynamic bool = true
  since miami

field ip_configuration_mode dynamic enum(ip_configuration_mode) = "None"
  since miami

field IP dynamic string = ""
  since miami

field netmask dynamic string = ""
  since miami

field gateway dynamic string = ""
  since miami

field DNS dynamic string = ""
  since miami

field bond_slave_of dynamic ref(Bond) = "OpaqueRef:NULL"
  since miami
  to Bond.slaves

field bond_master_of dynamic set(ref(Bond))
  since miami
  from Bond.master

field VLAN_master_of dynamic ref(VLAN) = "OpaqueRef:NULL"
  since miami

field VLAN_slave_of dynamic set(ref(VLAN))
  since miami
  from VLAN.tagged_PIF

field management dynamic bool = false
  since miami

field other_config rw map(string,string) = {}
  since miami

field disallow_unplug dynamic bool = false
  since orlando

field tunnel_access_PIF_of dynamic set(ref(tunnel))
  since cowley
  from tunnel.access_PIF

field tunnel_transport_PIF_of dynamic set(ref(tunnel))
  since cowley
  from tunnel.transport_PIF

field ipv6_configuration_mode dynamic enum(ipv6_configuration_mode) = "None"
  since tampa

field IPv6 dynamic set(string) = []
  since tampa

field ipv6_gateway dynamic string = ""
  since tampa

field primary_address_type dynamic enum(primary_address_type) = "IPv4"
  since tampa

field managed static bool = true
  since vgpu-productisation

field properties dynamic map(string,string) = {}
  since creedence

field capabilities dynamic set(string) = []
  since dundee

field igmp_snooping_status dynamic enum(pif_igmp_status) = "unknown"
  since inverness

field sriov_physical_PIF_of dynamic set(ref(network_sriov))
  since kolkata
  from network_sriov.physical_PIF

field sriov_logical_PIF_of dynamic set(ref(network_sriov))
  since kolkata
  from network_sriov.logical_PIF

field PCI dynamic ref(PCI) = "OpaqueRef:NULL"
  since kolkata

message create_VLAN
  since rio, deprecated miami
  role pool-operator
  param device string
  param network ref(network)
  param host ref(host)
  param VLAN int
  result ref(PIF)
  errors VLAN_TAG_INVALID

message destroy
  since rio, deprecated miami
  role pool-operator
  param self ref(PIF)
  errors PIF_IS_PHYSICAL

message reconfigure_ip
  since miami
  role pool-operator
  param self ref(PIF)
  param mode enum(ip_configuration_mode)
  param IP string
  param netmask string
  param gateway string
  param DNS string
  errors CLUSTERING_ENABLED

message reconfigure_ipv6
  since tampa
  role pool-operator
  param self ref(PIF)
  param mode enum(ipv6_configuration_mode)
  param IPv6 string
  param gateway string
  param DNS string
  errors CLUSTERING_ENABLED

message set_primary_address_type
  since tampa
  role pool-operator
  param self ref(PIF)
  param primary_address_type enum(primary_address_type)

message scan
  since miami
  role pool-operator
  param host ref(host)

message introduce
  since miami
  role pool-operator
  param host ref(host)
  param MAC string
  param device string
  param managed bool = true
  result ref(PIF)

message forget
  since miami
  role pool-operator
  param self ref(PIF)
  errors PIF_TUNNEL_STILL_EXISTS CLUSTERING_ENABLED

message unplug
  since miami
  role pool-operator
  param self ref(PIF)
  errors HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN VIF_IN_USE PIF_DOES_NOT_ALLOW_UNPLUG
  errors PIF_HAS_FCOE_SR_IN_USE

message set_disallow_unplug
  since orlando
  role pool-operator
  param self ref(PIF)
  param value bool
  errors OTHER_OPERATION_IN_PROGRESS CLUSTERING_ENABLED

message plug
  since miami
  role pool-operator
  param self ref(PIF)
  errors TRANSPORT_PIF_NOT_CONFIGURED

message pool_introduce
  role pool-operator
  flags hidden
  param device string
  param network ref(network)
  param host ref(host)
  param MAC string
  param MTU int
  param VLAN int
  param physical bool
  param ip_configuration_mode enum(ip_configuration_mode)
  param IP string
  param netmask string
  param gateway string
  param DNS string
  param bond_slave_of ref(Bond)
  param VLAN_master_of ref(VLAN)
  param management bool
  param other_config map(string,string)
  param disallow_unplug bool = false
  param ipv6_configuration_mode enum(ipv6_configuration_mode) = "None"
  param IPv6 set(string) = []
  param ipv6_gateway string = ""
  param primary_address_type enum(primary_address_type) = "IPv4"
  param managed bool = true
  param properties map(string,string) = {}
  result ref(PIF)

message db_introduce
  since orlando
  role pool-operator
  param device string
  param network ref(network)
  param host ref(host)
  param MAC string
  param MTU int
  param VLAN int
  param physical bool
  param ip_configuration_mode enum(ip_configuration_mode)
  param IP string
  param netmask string
  param gateway string
  param DNS string
  param bond_slave_of ref(Bond)
  param VLAN_master_of ref(VLAN)
  param management bool
  param other_config map(string,string)
  param disallow_unplug bool = false
  param ipv6_configuration_mode enum(ipv6_configuration_mode) = "None"
  param IPv6 set(string) = []
  param ipv6_gateway string = ""
  param primary_address_type enum(primary_address_type) = "IPv4"
  param managed bool = true
  param properties map(string,string) = {}
  result ref(PIF)

message db_forget
  since orlando
  role pool-operator
  param self ref(PIF)

message set_property
  since creedence
  role pool-operator
  param self ref(PIF)
  param name string
  param value string
