# SPDX-License-Identifier: GPL-2.0-or-later

class Certificate
  since stockholm
  writer read-only

enum certificate_purpose
  value licensing
  value ldaps

enum certificate_type
  value ca
  value host
  value host_internal
  value pinned

field uuid dynamic string

field name dynamic string = ""
  since 1.294.0

field type dynamic enum(certificate_type) = "host"
  since 1.294.0

field host static ref(host) = "OpaqueRef:NULL"
  to host.certificates

field not_before static datetime = "19700101T00:00:00Z"

field not_after static datetime = "19700101T00:00:00Z"

field fingerprint static string = ""
  since stockholm, deprecated 24.19.0

field fingerprint_sha256 static string = ""
  prototyped 24.20.0

field fingerprint_sha1 static string = ""
  prototyped 24.20.0

field purpose static set(enum(certificate_purpose)) = []
  prototyped 26.13.0
