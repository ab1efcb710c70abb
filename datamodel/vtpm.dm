# SPDX-License-Identifier: GPL-2.0-or-later

class VTPM
  prototyped 22.26.0
  writer pool-admin

enum persistence_backend
  value xapi

enum vtpm_operations
  value destroy

field uuid dynamic string
  since rio

field allowed_operations dynamic set(enum(vtpm_operations)) = []
  since rio
  flags volatile

field current_operations dynamic map(string,enum(vtpm_operations)) = {}
  since rio
  flags volatile

field VM static ref(VM)
  since rio
  to VM.VTPMs

field backend dynamic ref(VM) = "OpaqueRef:NULL"
  since rio

field persistence_backend dynamic enum(persistence_backend) = "xapi"

field is_unique static bool = false

field is_protected dynamic bool = false

field contents dynamic ref(secret)
  flags internal

message create
  role vm-admin
  param vM ref(VM)
  param is_unique bool
  result ref(VTPM)

message destroy
  role vm-admin
  param self ref(VTPM)

message get_contents
  role local-root
  flags query hidden secret
  param self ref(VTPM)
  result string

message set_contents
  role local-root
  flags hidden secret
  param self ref(VTPM)
  param contents string
