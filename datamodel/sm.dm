# SPDX-License-Identifier: GPL-2.0-or-later

class SM
  since rio
  writer pool-operator

enum image_format_type
  value raw
  value vhd
  value qcow2

field uuid dynamic string

field name__label dynamic string = ""

field name__description dynamic string = ""

field type dynamic string

field vendor dynamic string

field copyright dynamic string

field version dynamic string

field required_api_version dynamic string

field configuration dynamic map(string,string)

field capabilities dynamic set(string) = []
  since miami, deprecated clearwater

field features dynamic map(string,int) = {}
  since clearwater

field host_pending_features dynamic map(ref(host),set(string)) = {}
  prototyped 24.37.0
  flags internal

field other_config rw map(string,string) = {}
  since miami

field driver_filename dynamic string = ""
  since orlando

field required_cluster_stack dynamic set(string) = []
  since dundee

field supported_image_formats dynamic set(enum(image_format_type)) = []
  prototyped 26.15.0
