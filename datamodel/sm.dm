# SPDX-License-Identifier: GPL-2.0-or-later

class SM
  doc A storage driver that hosts have.
  since rio
  writer pool-operator

enum image_format_type
  doc Formats an image can be stored in.
  value raw
  value vhd
  value qcow2

field uuid dynamic string
  doc Lasting, unique name of the storage driver.

field name__label dynamic string = ""
  doc Name people gave the storage driver; it need not be unique.

field name__description dynamic string = ""
  doc Free text about the storage driver.

field type dynamic string
  doc SR type it serves.

field vendor dynamic string
  doc Who made it.

field copyright dynamic string
  doc Whose it is.

field version dynamic string
  doc Its version.

field required_api_version dynamic string
  doc Version of the driver interface it was written for.

field configuration dynamic map(string,string)
  doc Settings an SR of this type takes, each with a description.

field capabilities dynamic set(string) = []
  doc What it can do; features replaced it.
  since miami, deprecated clearwater

field features dynamic map(string,int) = {}
  doc What it can do, with a version for each.
  since clearwater

field host_pending_features dynamic map(ref(host),set(string)) = {}
  doc What only some hosts' drivers can do yet.
  prototyped 24.37.0
  flags internal

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the storage driver.
  since miami

field driver_filename dynamic string = ""
  doc File of the driver.
  since orlando

field required_cluster_stack dynamic set(string) = []
  doc Cluster stack that must run to use it.
  since dundee

field supported_image_formats dynamic set(enum(image_format_type)) = []
  doc Formats its images can be stored in.
  prototyped 26.15.0
