# SPDX-License-Identifier: GPL-2.0-or-later

class Feature
  doc An optional feature of a host.
  since falcon
  writer local-root

field uuid dynamic string
  doc Lasting, unique name of the feature.

field name__label static string = ""
  doc Name people gave the feature; it need not be unique.
  since rio

field name__description static string = ""
  doc Free text about the feature.
  since rio

field enabled dynamic bool = false
  doc Whether it can be used.

field experimental static bool = false
  doc Whether it is not finished.

field version static string = "1.0"
  doc Its version.

field host dynamic ref(host)
  doc Host that has it.
  to host.features
