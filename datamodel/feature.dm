# SPDX-License-Identifier: GPL-2.0-or-later

class Feature
  since falcon
  writer local-root

field uuid dynamic string

field name__label static string = ""
  since rio

field name__description static string = ""
  since rio

field enabled dynamic bool = false

field experimental static bool = false

field version static string = "1.0"

field host dynamic ref(host)
  to host.features
