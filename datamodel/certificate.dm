# SPDX-License-Identifier: GPL-2.0-or-later

class Certificate
  doc A certificate in use on a host or in the pool.
  since stockholm
  writer read-only

enum certificate_purpose
  doc What a trusted certificate is trusted for.
  value licensing
  value ldaps

enum certificate_type
  doc Whose certificate it is: a CA's, a host's for clients, a host's inside the pool, or one
  doc trusted by itself.
  value ca
  value host
  value host_internal
  value pinned

field uuid dynamic string
  doc Lasting, unique name of the certificate.

field name dynamic string = ""
  doc Name of a trusted certificate; empty for a host's own.
  since 1.294.0

field type dynamic enum(certificate_type) = "host"
  doc Whose certificate it is.
  since 1.294.0

field host static ref(host) = "OpaqueRef:NULL"
  doc Host it belongs to; null for a trusted one.
  to host.certificates

field not_before static datetime = "19700101T00:00:00Z"
  doc When it starts to be valid.

field not_after static datetime = "19700101T00:00:00Z"
  doc When it ends to be valid.

field fingerprint static string = ""
  doc Its SHA-256 fingerprint; fingerprint_sha256 replaced it.
  since stockholm, deprecated 24.19.0

field fingerprint_sha256 static string = ""
  doc Its SHA-256 fingerprint.
  prototyped 24.20.0

field fingerprint_sha1 static string = ""
  doc Its SHA-1 fingerprint.
  prototyped 24.20.0

field purpose static set(enum(certificate_purpose)) = []
  doc What it is trusted for.
  prototyped 26.13.0
