# SPDX-License-Identifier: GPL-2.0-or-later

class SDN_controller
  doc A controller that steers the hosts' virtual switches.
  since falcon
  writer pool-operator

enum sdn_controller_protocol
  doc Whether hosts connect to the controller (ssl) or it connects to them (pssl).
  value ssl
  value pssl

field uuid dynamic string
  doc Lasting, unique name of the SDN controller.

field protocol static enum(sdn_controller_protocol) = "ssl"
  doc Who connects to whom.

field address static string = ""
  doc Its address.

field port static int = 0
  doc Its TCP port.

message introduce
  doc Makes its record and connects the hosts.
  role pool-operator
  param protocol enum(sdn_controller_protocol) = "ssl"
  param address string = ""
  param port int = 0
  result ref(SDN_controller)

message forget
  doc Removes its record and disconnects the hosts.
  role pool-operator
  param self ref(SDN_controller)
