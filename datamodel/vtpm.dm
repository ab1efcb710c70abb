# SPDX-License-Identifier: GPL-2.0-or-later

class VTPM
  doc A trusted platform module of a VM.
  prototyped 22.26.0
  writer pool-admin

enum persistence_backend
  doc Where its contents are kept.
  value xapi

enum vtpm_operations
  doc Everything that can be done to it.
  value destroy

field uuid dynamic string
  doc Lasting, unique name of the VTPM.
  since rio

field allowed_operations dynamic set(enum(vtpm_operations)) = []
  doc Operations a client may start on the VTPM now; advice only, each call checks again.
  since rio
  flags volatile

field current_operations dynamic map(string,enum(vtpm_operations)) = {}
  doc Operations that run on the VTPM now, by the task that runs them.
  since rio
  flags volatile

field VM static ref(VM)
  doc VM it belongs to.
  since rio
  to VM.VTPMs

field backend dynamic ref(VM) = "OpaqueRef:NULL"
  doc Domain that serves it.
  since rio

field persistence_backend dynamic enum(persistence_backend) = "xapi"
  doc Where its contents are kept.

field is_unique static bool = false
  doc Whether a copy of the VM starts with an empty one.

field is_protected dynamic bool = false
  doc Whether its contents are protected from the host's administrator.

field contents dynamic ref(secret)
  doc Secret that holds its contents.
  flags internal

message create
  doc Gives a halted VM a trusted platform module.
  role vm-admin
  param vM ref(VM)
  param is_unique bool
  result ref(VTPM)

message destroy
  doc Takes it from a halted VM, with all keys in it.
  role vm-admin
  param self ref(VTPM)

message get_contents
  doc Its contents, in base64.
  role local-root
  flags query hidden secret
  param self ref(VTPM)
  result string

message set_contents
  doc Replaces its contents.
  role local-root
  flags hidden secret
  param self ref(VTPM)
  param contents string
