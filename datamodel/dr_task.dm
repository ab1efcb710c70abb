# SPDX-License-Identifier: GPL-2.0-or-later

class DR_task
  doc A recovery from the storage of another pool; it keeps that storage attached.
  since boston
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the disaster recovery task.
  since rio

field introduced_SRs dynamic set(ref(SR))
  doc SRs it brought into the pool.
  since rio
  from SR.introduced_by

message create
  doc Attaches the SRs of another pool for recovery; whitelist holds the uuids to take.
  role pool-operator
  param type string
  param device_config map(string,string)
  param whitelist set(string)
  result ref(DR_task)

message destroy
  doc Removes the SRs it brought, where nothing was recovered from them.
  role pool-operator
  param self ref(DR_task)
