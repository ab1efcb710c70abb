# SPDX-License-Identifier: GPL-2.0-or-later

class DR_task
  since boston
  writer pool-operator

field uuid dynamic string
  since rio

field introduced_SRs dynamic set(ref(SR))
  since rio
  from SR.introduced_by

message create
  role pool-operator
  param type string
  param device_config map(string,string)
  param whitelist set(string)
  result ref(DR_task)

message destroy
  role pool-operator
  param self ref(DR_task)
