# SPDX-License-Identifier: GPL-2.0-or-later

class PIF
  doc A network interface of a host: a card, or a VLAN, bond or tunnel made of others.
  since rio
  writer pool-operator

enum ip_configuration_mode
  doc How the interface gets its IPv4 address.
  value None
  value DHCP
  value Static

enum ipv6_configuration_mode
  doc How the interface gets its IPv6 address.
  value None
  value DHCP
  value Static
  value Autoconf

enum pif_igmp_status
  doc Whether multicast is sent only where it was asked for.
  value enabled
  value disabled
  value unknown

enum primary_address_type
  doc Which kind of address the interface is known by.
  value IPv4
  value IPv6

field uuid dynamic string
  doc Lasting, unique name of the PIF.

field device static string
  doc Name of the device on the host.

field network static ref(network)
  doc Network it connects.
  to network.PIFs

field host static ref(host)
  doc Host it is on.
  to host.PIFs

field MAC static string
  doc Its hardware address.

field MTU static int
  doc Largest packet in bytes.

field VLAN static int
  doc VLAN tag; -1 for none.

field device_name rw string
  doc Name of the device below it.
  flags internal

field metrics dynamic ref(PIF_metrics)
  doc What the host measures of it.

field physical dynamic bool = false
  doc Whether it is a card rather than made of others.
  since miami

field currently_attached dynamic bool = true
  doc Whether it is up.
  since miami

field ip_configuration_mode dynamic enum(ip_configuration_mode) = "None"
  doc How it gets its IPv4 address.
  since miami

field IP dynamic string = ""
  doc Its IPv4 address.
  since miami

field netmask dynamic string = ""
  doc Netmask of the IPv4 address.
  since miami

field gateway dynamic string = ""
  doc IPv4 gateway.
  since miami

field DNS dynamic string = ""
  doc Name servers, separated by commas.
  since miami

field bond_slave_of dynamic ref(Bond) = "OpaqueRef:NULL"
  doc Bond it is part of.
  since miami
  to Bond.slaves

field bond_master_of dynamic set(ref(Bond))
  doc Bond it is the result of.
  since miami
  from Bond.master

field VLAN_master_of dynamic ref(VLAN) = "OpaqueRef:NULL"
  doc VLAN it is the tagged end of.
  since miami

field VLAN_slave_of dynamic set(ref(VLAN))
  doc VLANs that run over it.
  since miami
  from VLAN.tagged_PIF

field management dynamic bool = false
  doc Whether the host is managed over it.
  since miami

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the PIF.
  since miami

field disallow_unplug dynamic bool = false
  doc Whether it must not be taken down.
  since orlando

field tunnel_access_PIF_of dynamic set(ref(tunnel))
  doc Tunnel it is the inner end of.
  since cowley
  from tunnel.access_PIF

field tunnel_transport_PIF_of dynamic set(ref(tunnel))
  doc Tunnels that run over it.
  since cowley
  from tunnel.transport_PIF

field ipv6_configuration_mode dynamic enum(ipv6_configuration_mode) = "None"
  doc How it gets its IPv6 address.
  since tampa

field IPv6 dynamic set(string) = []
  doc Its IPv6 addresses, with prefix length.
  since tampa

field ipv6_gateway dynamic string = ""
  doc IPv6 gateway.
  since tampa

field primary_address_type dynamic enum(primary_address_type) = "IPv4"
  doc Which of its addresses the host is known by.
  since tampa

field managed static bool = true
  doc Whether the server configures it.
  since vgpu-productisation

field properties dynamic map(string,string) = {}
  doc Further settings of the card, such as gro.
  since creedence

field capabilities dynamic set(string) = []
  doc What the card can do, such as sriov.
  since dundee

field igmp_snooping_status dynamic enum(pif_igmp_status) = "unknown"
  doc Whether its bridge sends multicast only where it was asked for.
  since inverness

field sriov_physical_PIF_of dynamic set(ref(network_sriov))
  doc SR-IOV network that runs on this card.
  since kolkata
  from network_sriov.physical_PIF

field sriov_logical_PIF_of dynamic set(ref(network_sriov))
  doc SR-IOV network it is the result of.
  since kolkata
  from network_sriov.logical_PIF

field PCI dynamic ref(PCI) = "OpaqueRef:NULL"
  doc PCI device of the card.
  since kolkata

message create_VLAN
  doc Makes a VLAN on a host's device; VLAN.create replaced it.
  since rio, deprecated miami
  role pool-operator
  param device string
  param network ref(network)
  param host ref(host)
  param VLAN int
  result ref(PIF)
  errors VLAN_TAG_INVALID

message destroy
  doc Removes a VLAN's interface; VLAN.destroy replaced it.
  since rio, deprecated miami
  role pool-operator
  param self ref(PIF)
  errors PIF_IS_PHYSICAL

message reconfigure_ip
  doc Changes how it gets its IPv4 address.
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
  doc Changes how it gets its IPv6 address.
  since tampa
  role pool-operator
  param self ref(PIF)
  param mode enum(ipv6_configuration_mode)
  param IPv6 string
  param gateway string
  param DNS string
  errors CLUSTERING_ENABLED

message set_primary_address_type
  doc Chooses which of its addresses the host is known by.
  since tampa
  role pool-operator
  param self ref(PIF)
  param primary_address_type enum(primary_address_type)

message scan
  doc Looks for cards on a host that have no record yet and makes their records.
  since miami
  role pool-operator
  param host ref(host)

message introduce
  doc Makes the record of a card.
  since miami
  role pool-operator
  param host ref(host)
  param MAC string
  param device string
  param managed bool = true
  result ref(PIF)

message forget
  doc Removes the record of a card that is gone.
  since miami
  role pool-operator
  param self ref(PIF)
  errors PIF_TUNNEL_STILL_EXISTS CLUSTERING_ENABLED

message unplug
  doc Takes it down.
  since miami
  role pool-operator
  param self ref(PIF)
  errors HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN VIF_IN_USE PIF_DOES_NOT_ALLOW_UNPLUG
  errors PIF_HAS_FCOE_SR_IN_USE

message set_disallow_unplug
  doc Forbids taking it down, or allows it.
  since orlando
  role pool-operator
  param self ref(PIF)
  param value bool
  errors OTHER_OPERATION_IN_PROGRESS CLUSTERING_ENABLED

message plug
  doc Brings it up.
  since miami
  role pool-operator
  param self ref(PIF)
  errors TRANSPORT_PIF_NOT_CONFIGURED

message pool_introduce
  doc Makes a record with all these fields; for other hosts of the pool.
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
  doc Makes a record with all these fields, without touching the host.
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
  doc Removes the record without touching the host.
  since orlando
  role pool-operator
  param self ref(PIF)

message set_property
  doc Changes a setting of the card.
  since creedence
  role pool-operator
  param self ref(PIF)
  param name string
  param value string
