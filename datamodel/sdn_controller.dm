# SPDX-License-Identifier: GPL-2.0-or-later

class SDN_controller
  since falcon
  writer pool-operator

enum sdn_controller_protocol
  value ssl
  value pssl

field uuid dynamic string

field protocol static enum(sdn_controller_protocol) = "ssl"

field address static string = ""

field port static int = 0

message introduce
  role pool-operator
  param protocol enum(sdn_controller_protocol) = "ssl"
  param address string = ""
  param port int = 0
  result ref(SDN_controller)

message forget
  role pool-operator
  param self ref(SDN_controller)
