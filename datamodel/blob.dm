# SPDX-License-Identifier: GPL-2.0-or-later

class blob
  doc Binary data stored for a client with an object.
  since orlando
  writer pool-operator
  flags no-async

field uuid dynamic string
  doc Lasting, unique name of the blob.
  since rio

field name__label rw string = ""
  doc Name people gave the blob; it need not be unique.
  since rio

field name__description rw string = ""
  doc Free text about the blob.
  since rio

field size dynamic int
  doc Bytes in it.
  since rio

field public rw bool = false
  doc Whether it can be read without logging in.
  since tampa

field last_updated static datetime
  doc When it was last written.
  since rio

field mime_type static string
  doc What kind of data it is.
  since rio

message create
  doc Makes an empty blob.
  role pool-operator
  flags sync
  param mime_type string
  param public bool = false
  result ref(blob)

message destroy
  doc Removes a blob and its data.
  role pool-operator
  flags sync
  param self ref(blob)
